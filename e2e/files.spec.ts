// What operators bring beside plain captures: a folder with everything in it, evidence that names interfaces, a pcapng that says more than its bytes.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pcapngFile } from '../lib/testing/capture-file';
import { tcpFrame } from '../lib/testing/frame-builder';
import { type TarEntry, tarFile } from '../lib/testing/tar-file';
import { ROOT } from '../scripts/root.mjs';
import { expect, test } from './test';

const SDN_ANY = join(ROOT, 'e2e', 'captures', 'sdn-any');

/** A case as it lies on disk: captures, one of them in an archive, and the `ip a` of each host in folders of their own, and what belongs to none. */
function writeCase(folder: string): string {
  for (const name of ['captures', 'evidence', 'notes'])
    mkdirSync(join(folder, 'case', name), { recursive: true });
  const pods: TarEntry[] = [{ name: 'pods/read me', bytes: Buffer.from('taken on Monday') }];
  for (const packed of readdirSync(SDN_ANY).filter((file) => file.endsWith('.pcap.gz'))) {
    const name = packed.replace(/\.gz$/, '');
    const bytes = gunzipSync(readFileSync(join(SDN_ANY, packed)));
    if (name.startsWith('baw')) pods.push({ name: `pods/${name}`, bytes });
    else writeFileSync(join(folder, 'case', 'captures', name), bytes);
  }
  writeFileSync(join(folder, 'case', 'captures', 'pods.tar.gz'), gzipSync(tarFile(pods)));
  for (const name of readdirSync(join(SDN_ANY, 'evidence')))
    copyFileSync(join(SDN_ANY, 'evidence', name), join(folder, 'case', 'evidence', name));
  writeFileSync(join(folder, 'case', 'notes', 'minutes.txt'), 'minutes of the meeting');
  writeFileSync(join(folder, 'case', 'notes', 'empty.pcap'), '');
  return join(folder, 'case');
}

test('a folder dropped whole opens as the captures in it, and the evidence names their interfaces', async ({
  hoplane,
}, testInfo) => {
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.dropFromDisk(writeCase(testInfo.outputPath()));
  // What is said of the folder and of the archive in it: one does not hide the other.
  await expect(
    page.getByText(/^2 files of the folder are no captures.*pods\.tar\.gz: 1 file is no capture/),
  ).toBeVisible();
  await page.getByRole('button', { name: /^Captures/ }).click();
  const list = page.getByRole('list', { name: 'Captures' });
  await expect(page.getByRole('textbox', { name: 'Name of the case' })).toHaveValue('case');
  await expect(list.getByText(/^(captures|evidence)\//)).toHaveText(
    [
      'captures/cpe-eth0.pcap',
      'captures/node-any.pcap',
      'evidence/ip-a-node-node.txt',
      'evidence/ip-a-pod-baw.txt',
      'evidence/ip-a-pod-cpe.txt',
      'captures/pods.tar.gz/pods/baw-eth0.pcap',
    ],
    { useInnerText: true },
  );
  await expect(list.getByText('evidence · 6 interfaces')).toBeVisible();
  await page.keyboard.press('Escape');
  const names = (await hoplane.laneNames()).join();
  expect(names).toContain('tun0');
  expect(names).not.toMatch(/\bif\d/);
});

test('a folder that is chosen opens in the same way', async ({ hoplane }, testInfo) => {
  const { page } = hoplane;
  await hoplane.open();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).first().click();
  await (await chooser).setFiles(writeCase(testInfo.outputPath()));
  await hoplane.idle();
  await expect(page.getByText(/^2 files of the folder are no captures/)).toBeVisible();
  expect((await hoplane.laneNames()).join()).toContain('tun0');
});

/** A handshake in a pcapng that says of its frames what pcapng can say. */
function annotated(): Buffer {
  const client = '10.0.0.1:40000';
  const server = '10.0.0.2:443';
  const TICKS = 1_700_000_000_000_000n;
  const syn = tcpFrame({ source: client, destination: server, flags: 'S', sequence: 100 });
  const answer = tcpFrame({
    source: server,
    destination: client,
    flags: 'S.',
    sequence: 300,
    acknowledgement: 101,
  });
  return Buffer.from(
    pcapngFile([
      {
        comment: 'taken while the fault was there',
        blocks: [
          { kind: 'interface', spec: { name: 'veth7' } },
          {
            kind: 'enhanced',
            ticks: TICKS,
            bytes: syn,
            flags: 2,
            comment: 'here it <b>begins</b>',
          },
          {
            kind: 'enhanced',
            ticks: TICKS + 500n,
            bytes: answer,
            flags: 1 | (1 << 9),
            packetId: 0x1234n,
            verdict: { kind: 2, value: 3n },
          },
        ],
      },
    ]),
  );
}

test('what a pcapng says of a frame stands in the inspector: its comment, and a layer of its own', async ({
  hoplane,
}) => {
  const { inspector } = hoplane;
  await hoplane.open();
  await hoplane.drop([{ name: 'annotated.pcapng', bytes: annotated() }]);
  await hoplane.goToFrame('annotated.pcapng', 1);
  // Text from captures is never HTML.
  await expect(inspector.getByText('here it <b>begins</b>').first()).toBeVisible();
  await hoplane.goToFrame('annotated.pcapng', 2);
  await expect(inspector.getByText('frame.packet_id')).toBeHidden();
  await inspector.getByRole('button', { name: /^Frame what the file notes/ }).click();
  await inspector.getByRole('button', { name: 'Fields of frame.packet_flags' }).click();
  for (const words of [
    'frame.interface_name',
    'veth7',
    'frame.packet_id',
    '0x0000000000001234',
    'frame.packet_flags_direction',
    'inbound',
    'frame.verdict.ebpf_xdp',
  ])
    await expect(inspector).toContainText(words);
  await expect(inspector.getByText('here it <b>begins</b>')).toHaveCount(0);
});
