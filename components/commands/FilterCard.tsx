'use client';
// The filter on one card: what can be asked, each example put into the field with a click; and Hoplane's own fields from the filter's own table.
import { X } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { JOURNEY_FIELDS } from '@/lib/filter/fields-journey';
import { FILTER_FIELDS } from '@/lib/filter/filter';
import { workspace } from '@/lib/store/workspace';
import { focusField } from './focus';
import { closeOverlay } from './overlay';

const EXAMPLES: readonly { readonly filter: string; readonly means: string }[] = [
  {
    filter: '10.128.3.202 failed',
    means: 'Words: addresses, ports, states, rules; all must occur',
  },
  { filter: 'ip.addr == 10.128.0.0/14 && tcp.port == 9443', means: 'A network and a port' },
  {
    filter: 'tcp.flags.syn == 1 && !(tcp.flags.ack == 1)',
    means: 'Flags are 0 or 1; ! and not turn it round',
  },
  { filter: 'tcp.flags & 0x05', means: 'Bits: FIN or RST' },
  { filter: 'tcp.port in {80, 443, 8000..8999}', means: 'One of a set, ranges too' },
  { filter: 'tcp.analysis.retransmission', means: 'There is one: the field alone' },
  { filter: 'frame.time_relative > 2.5', means: 'Seconds after the first frame' },
  { filter: 'tcp.time_delta > 1', means: 'Silence before a segment of its stream' },
  { filter: 'tcp.window_size < 2 * tcp.len', means: 'Scaled windows, reckoned with' },
  { filter: 'max(tcp.srcport, tcp.dstport) < 1024', means: 'Functions: max min abs len count …' },
  { filter: 'hop.lost', means: 'Lost between two points' },
  { filter: 'hop.latency > 2ms', means: 'A hop that took longer' },
  { filter: 'nat.changed && journey.direction == "reverse"', means: 'Translated replies' },
  { filter: 'point == "tun0" && ip.ttl < 64', means: 'As one point saw it' },
  { filter: 'frame contains "GET /"', means: 'Text in the bytes (reads the files)' },
  { filter: 'tcp.payload contains 16:03:01', means: 'Bytes of the payload (reads the files)' },
  { filter: 'dns.qry.name contains "svc"', means: 'Any field that the frame’s layers show' },
  { filter: 'tcp.payload matches "(?i)host: [a-z.]+"', means: 'A regular expression' },
  { filter: 'tcp.payload[0:2] == 16:03', means: 'A slice: from byte 0, two bytes' },
];

export function FilterCard() {
  const use = (filter: string) => {
    workspace.search(filter);
    closeOverlay();
    requestAnimationFrame(() => focusField('filter'));
  };
  return (
    <Dialog name="The filter" onClose={closeOverlay} className="w-[820px]">
      <div className="flex h-10 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="font-semibold">The filter</h2>
        <Button look="quiet" size="small" aria-label="Close" onClick={closeOverlay}>
          <X size={14} aria-hidden />
        </Button>
      </div>
      <section
        aria-label="Examples and fields"
        {...SCROLLS}
        className="max-h-[calc(76dvh-40px)] overflow-y-auto px-4 py-3 text-xs"
      >
        <p className="max-w-[80ch] text-muted">
          Wireshark’s display filter language: {FILTER_FIELDS.length} fields, == != &lt; &gt; in
          contains matches, &amp;&amp; || !, slices, sums, functions. Hoplane’s own fields ask what
          one capture cannot know. Arrow up in the field brings back what was asked before; the
          context menu of any address or field filters by it.
        </p>
        <ul className="mt-2">
          {EXAMPLES.map(({ filter, means }) => (
            <li key={filter}>
              <button
                type="button"
                onClick={() => use(filter)}
                className="flex min-h-6 w-full flex-wrap items-baseline gap-x-4 rounded-md px-1 text-left hover:bg-hover"
              >
                <span className="figures min-w-0 flex-1">{filter}</span>
                <span className="w-72 text-muted">{means}</span>
              </button>
            </li>
          ))}
        </ul>
        <h3 className="mt-4 mb-1 text-2xs font-semibold uppercase tracking-[0.06em] text-muted">
          Hoplane’s own fields
        </h3>
        <dl className="grid grid-cols-2 gap-x-8 max-sm:grid-cols-1">
          {JOURNEY_FIELDS.map(({ name, label }) => (
            <div key={name} className="flex min-h-6 items-baseline gap-3">
              <dt className="figures w-44 shrink-0">{name}</dt>
              <dd className="min-w-0 text-muted">{label}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Dialog>
  );
}

/** What scrolls can be scrolled by keys too. */
const SCROLLS = { tabIndex: 0 };
