// Who each point is, told from its traffic alone: files are named so that nothing can be read from their names.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { Point } from '../../model/capture';
import type { ByteSource } from '../../read/byte-source';
import { scenarioSources } from '../../testing/committed-captures';

/** The scenario's points by their true names, after an analysis that saw other ones, in another order. */
async function rolesOf(scenario: string): Promise<Record<string, string>> {
  const sources = scenarioSources(scenario);
  const nameless = sources.map(
    (source, index): ByteSource => ({
      ...source,
      name: `${String.fromCharCode(122 - index)}.pcap.gz`,
      read: source.read.bind(source),
    }),
  );
  const { analysis } = await analyseSources(nameless);
  const trueName = (point: Point): string => {
    const { file } = analysis.captures[point.capture];
    const index = nameless.findIndex(({ name }) => name === file);
    return `${sources[index].name.replace(/^.*\//, '').replace(/\.pcap.*$/, '')}${point.name.replace(/^\w/, '')}`;
  };
  return Object.fromEntries(
    analysis.points.map((point) => [trueName(point), point.role?.text ?? '']),
  );
}

describe('roles of points', () => {
  it('pods, the host ends of their veths, and the gateway that translates', async () => {
    expect(await rolesOf('sdn-healthy')).toEqual({
      'baw-eth0': 'own interface of 10.128.3.214',
      'cpe-eth0': 'own interface of 10.128.3.202',
      'node-tun0': 'gateway with NAT',
      'node-veth5b024d2c': 'host end of 10.128.3.202',
      'node-veth91c7e3aa': 'host end of 10.128.3.214',
    });
  });

  it('the same where a switch floods', async () => {
    expect(await rolesOf('sdn-flood')).toEqual(await rolesOf('sdn-healthy'));
  });

  it('interfaces of one cooked capture each by itself', async () => {
    expect(await rolesOf('sdn-any')).toMatchObject({
      'node-any if4': 'host end of 10.128.3.202',
      'node-any if5': 'host end of 10.128.3.214',
      'node-any if6': 'gateway with NAT',
    });
  });

  it('underlays, and what shares a host', async () => {
    expect(await rolesOf('overlay-skew')).toMatchObject({
      'node1-ens3': 'underlay',
      'node2-ens3': 'underlay',
      'shop-eth0': 'own interface of 10.42.1.10',
      'cart-eth0': 'own interface of 10.42.2.20',
    });
    const { analysis } = await analyseSources(scenarioSources('overlay-skew'));
    const uplink = analysis.points.find(({ name }) => name === 'node1-ens3');
    expect(uplink?.role?.grounds.join(' ')).toMatch(/one host, with node1-veth.*shop-eth0/);
  });

  it('no more than one point at an end can tell', async () => {
    const [server, client] = scenarioSources('sdn-healthy');
    const { analysis } = await analyseSources([server, client]);
    expect(analysis.points.map(({ role }) => [role?.kind, role?.confidence, role?.text])).toEqual([
      ['end', 'likely', 'at 10.128.3.214'],
      ['end', 'likely', 'at 10.128.3.202'],
    ]);
  });
});
