'use client';
// Layers and bytes of a frame side by side: pointing at one marks the other, a click keeps the mark.
import { useState } from 'react';
import type { FrameDetail } from '@/lib/model/protocol-tree';
import { ByteView } from './ByteView';
import { type ByteRange, findFieldAt, isSameRange } from './byte-range';
import { LayerTree } from './LayerTree';

/** Layers open at first: the one that says what the packet does. */
const OPEN_AT_FIRST: ReadonlySet<string> = new Set(['tcp', 'udp', 'icmp', 'icmpv6', 'arp', 'dns']);

export function FrameAnatomy({ detail }: { readonly detail: FrameDetail }) {
  const [pointed, setPointed] = useState<ByteRange | null>(null);
  const [kept, setKept] = useState<ByteRange | null>(null);
  const [open, setOpen] = useState(OPEN_AT_FIRST);
  const marked = pointed ?? kept;

  const setLayerOpen = (name: string, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(name);
    else next.delete(name);
    setOpen(next);
  };
  const keep = (range: ByteRange) => setKept(isSameRange(range, kept) ? null : range);
  const keepByte = (offset: number) => {
    const found = findFieldAt(detail.layers, offset);
    if (found === undefined) return;
    setLayerOpen(found.layer.name, true);
    keep(found.range);
  };

  return (
    <>
      <LayerTree
        layers={detail.layers}
        open={open}
        onOpen={setLayerOpen}
        marked={marked}
        kept={kept}
        onPoint={setPointed}
        onKeep={keep}
      />
      <ByteView
        bytes={detail.bytes}
        marked={marked}
        onPoint={(offset) =>
          setPointed(offset === null ? null : (findFieldAt(detail.layers, offset)?.range ?? null))
        }
        onKeep={keepByte}
      />
    </>
  );
}
