import { expect, it } from 'vitest';
import type { Finding } from './finding';
import { describeConfidence, findingAsMarkdown, findingAsText } from './finding-text';

const finding: Finding = {
  id: 'f1',
  rule: 'dropped-segment',
  severity: 'failure',
  confidence: 0.97,
  grounds: [
    { text: 'It was sent again.', speaks: 'for' },
    { text: 'One loss alone.', speaks: 'against' },
  ],
  cause: {
    held: {
      text: 'A rule drops *it*.',
      confidence: 0.45,
      grounds: [{ text: 'Nothing answers.', speaks: 'for' }],
    },
    open: [
      { text: 'A queue overflows.', decides: 'Its drops.', command: 'tc -s qdisc' },
      { text: 'The link is bad.', decides: 'Its errors.', command: '' },
    ],
  },
  title: 'A segment is lost between a*b and tun_0',
  summary: 'Sent at a*b, never seen at tun_0.',
  connections: [],
  between: ['a*b', 'tun_0'],
  direction: 'forward',
  steps: [
    {
      text: 'Sent at 1.007 s',
      frames: [
        { file: 'cpe_eth0.pcap', frame: 12 },
        { file: 'cpe_eth0.pcap', frame: 4 },
        { file: 'o`dd.pcap', frame: 9 },
      ],
    },
    { text: 'Never seen again', frames: [] },
  ],
  sibling: {
    connection: 'c2',
    text: '10.0.0.1:2 beside it',
    partings: [
      {
        kind: 'hop',
        text: 'It goes on to tun_0.',
        frames: [{ file: 'a.pcap', frame: 1 }],
        siblingFrames: [{ file: 'a.pcap', frame: 2 }],
      },
    ],
  },
  times: [
    { part: 'server', ns: 1_200_000_000, usualNs: 3_000_000, errorNs: 0 },
    { part: 'back', ns: 40_000, usualNs: 40_000, errorNs: 9000 },
  ],
  alternatives: [{ rule: 'capture-loss', why: 'the capture counts no drops' }],
  confirm: [
    { text: 'Count the drops', command: 'ip -s link show tun_0\nnstat -az' },
    { text: 'Ask the operator', command: '' },
  ],
  evidence: [],
  fix: null,
  references: [{ title: 'RFC 9293', url: 'https://www.rfc-editor.org/rfc/rfc9293' }],
};

it('a finding as text', () => {
  expect(findingAsText(finding)).toBe(`A segment is lost between a*b and tun_0
failure; that it happened: practically certain, 0.97; its cause: possible, 0.45; between a*b and tun_0; rule dropped-segment

Sent at a*b, never seen at tun_0.

Story
1. Sent at 1.007 s [cpe_eth0.pcap #4 #12; o\`dd.pcap #9]
2. Never seen again

Cause
Possible, 0.45: A rule drops *it*.
+ Nothing answers.
It could also be, as the packets leave open:
- A queue overflows. What decides: Its drops.
    tc -s qdisc
- The link is bad. What decides: Its errors.

Beside a healthy one
10.0.0.1:2 beside it
- It goes on to tun_0. Failing: [a.pcap #1] healthy: [a.pcap #2]

Where the time went
- server: 1.2 s (usually 3 ms)
- back: 40 µs ± 9 µs (usually 40 µs)
- in all: 1.2 s (usually 3.04 ms)

Confidence that it happened
+ It was sent again.
− One loss alone.

Confirm
- Count the drops
    ip -s link show tun_0
    nstat -az
- Ask the operator

Also considered
- capture-loss: the capture counts no drops

Read on
- RFC 9293: https://www.rfc-editor.org/rfc/rfc9293

In Wireshark
- cpe_eth0.pcap: frame.number in {4, 12}
- o\`dd.pcap: frame.number == 9
`);
});

it('a finding as Markdown: nothing of a capture becomes markup, filters for each file at the end', () => {
  const text = findingAsMarkdown(finding);
  expect(text).toContain('## A segment is lost between a\\*b and tun\\_0\n');
  expect(text).toContain('1. Sent at 1.007 s [`cpe_eth0.pcap` #4 #12; `` o`dd.pcap `` #9]\n');
  expect(text).toContain(
    '- Count the drops\n\n  ```sh\n  ip -s link show tun_0\n  nstat -az\n  ```\n- Ask the operator\n',
  );
  expect(text).toContain(
    '### Cause\n\nPossible, 0.45: A rule drops \\*it\\*.\n\n- for: Nothing answers.\n\nIt could also be, as the packets leave open:\n\n- A queue overflows. What decides: Its drops.\n\n  ```sh\n  tc -s qdisc\n  ```\n- The link is bad. What decides: Its errors.\n',
  );
  expect(text).not.toContain('### Fix');
  expect(text).toMatch(
    /### In Wireshark\n\n- `cpe_eth0\.pcap`: `frame\.number in \{4, 12\}`\n- `` o`dd\.pcap ``: `frame\.number == 9`\n$/,
  );
});

it('a finding whose packets name no cause says so; one that is about a cause has one certainty alone', () => {
  const unnamed = { ...finding, cause: { held: null, open: [] } };
  expect(findingAsText(unnamed)).toContain(
    'its cause: the packets name none; between a*b and tun_0',
  );
  expect(findingAsText(unnamed)).toContain(
    'Cause\nThe packets show that it happened, and name no cause.\n',
  );
  const text = findingAsText({ ...finding, cause: null });
  expect(text).toContain('failure; practically certain, 0.97; between');
  expect(text).not.toContain('Cause');
});

it('names stops as lanes are named, where who asks knows them', () => {
  const nameOf = (stop: string, direction: string): string => `${stop} ${direction}`;
  expect(findingAsText(finding, nameOf)).toContain('between a*b forward and tun_0 forward;');
});

it('says how sure it is in words and a number', () => {
  expect(describeConfidence(1)).toBe('practically certain, 1.00');
  expect(describeConfidence(0.8)).toBe('very likely, 0.80');
  expect(describeConfidence(0.5)).toBe('possible, 0.50');
  expect(describeConfidence(0)).toBe('to be considered, 0.00');
});
