// A capture as correlation is given it.
import type { CaptureSummary, LinkContext } from '../../model/capture';
import type { PacketTable } from '../../model/packet-table';

/** A capture as the engine holds it once it is read. */
export interface LoadedCapture {
  readonly file: string;
  readonly summary: CaptureSummary;
  readonly table: PacketTable;
  readonly links: readonly LinkContext[];
  /** Names of a cooked capture's interfaces by ifindex, where evidence tells them. */
  readonly interfaceNames?: ReadonlyMap<number, string>;
}
