// `hoplane packets`: a header and a line per frame of each file, tab separated. Only what a container or a decoder says; nothing is correlated.
import type { CaptureWarning } from '../lib/model/capture';
import type { ByteSource } from '../lib/read/byte-source';
import { CONTAINER_HEAD_BYTES, type ContainerReader } from '../lib/read/container-reader';
import { findContainerReader } from '../lib/read/containers';
import { joinWarnings, openDecompressedIn } from '../lib/read/decompress';
import { describeStranger } from '../lib/read/foreign-format';
import { streamFrames } from '../lib/read/frame-stream';
import { nodeStorage } from '../lib/read/node-storage';
import { openInputs } from './inputs';
import { openTextOutput, sayOf } from './output';
import { PACKETS_HEADER, PacketLines } from './packet-lines';
import { EXIT_OK, EXIT_UNREADABLE, UsageError } from './usage';

export interface PacketsOptions {
  readonly files: readonly string[];
  /** Default: standard output. */
  readonly out?: string;
}

/** Runs the command; answers the exit status. */
export async function packets({ files, out }: PacketsOptions): Promise<number> {
  if (files.length === 0) throw new UsageError('packets: name at least one capture');
  const inputs = await openInputs(files);
  try {
    const output = openTextOutput(out ?? '-');
    let unreadable = inputs.unreadable.length > 0;
    for (const { file, text } of inputs.unreadable) sayOf(file, text);
    for (const { text } of inputs.warnings) process.stderr.write(`${text}\n`);
    await output.write(PACKETS_HEADER);
    for (const source of inputs.sources) {
      const { failed, warnings } = await writePackets(source, (text) => output.write(text));
      for (const { text } of warnings) sayOf(source.name, text);
      unreadable ||= failed;
    }
    await output.end();
    return unreadable ? EXIT_UNREADABLE : EXIT_OK;
  } finally {
    await inputs.close();
  }
}

/** Writes a line for each frame that can be read. `failed`: it is no capture at all. */
export async function writePackets(
  file: ByteSource,
  write: (text: string) => void | Promise<void>,
): Promise<{ readonly failed: boolean; readonly warnings: readonly CaptureWarning[] }> {
  const opened = await openDecompressedIn(file, nodeStorage);
  if (!opened.ok) return { failed: true, warnings: [opened.error] };
  const { source, warnings } = opened.value;
  try {
    const head = await source.read(0, CONTAINER_HEAD_BYTES);
    const lines = new PacketLines(file.name, () => reader);
    const found = findContainerReader(head, lines);
    if (found === undefined)
      return { failed: true, warnings: [...warnings, describeStranger(source.name, head)] };
    const reader: ContainerReader = found;
    const damage = await streamFrames(source, reader, () => write(lines.takeLines()));
    return {
      failed: damage !== null && reader.interfaces.length === 0,
      warnings: joinWarnings(warnings, [...(damage === null ? [] : [damage]), ...reader.warnings]),
    };
  } finally {
    if (opened.value.decompressed) await source.close?.();
  }
}
