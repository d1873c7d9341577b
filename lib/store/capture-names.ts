// What captures are called: files of the case's folder by a number of their own, captures by the name of their file, as long as no other has it.

export const describeUnkept = (names: readonly string[]): string =>
  `There is no room left in this browser to keep ${names.join(', ')}: all can be looked at now, but after a reload ${names.length === 1 ? 'the file has' : 'the files have'} to be opened again.`;

/** Names for files of the case's folder: what the file is called does not matter there. */
const stems = new WeakMap<File, string>();

function fileStem(file: File): string {
  const stem = stems.get(file) ?? crypto.randomUUID();
  stems.set(file, stem);
  return stem;
}

/** The file may be opened again, and is another capture then. */
export const forgetStem = (file: File): boolean => stems.delete(file);

export const tablesName = (file: File): string => `${fileStem(file)}.tables`;
export const copyName = (file: File): string => `${fileStem(file)}.capture`;

export const renamed = (file: File, name: string): File =>
  new File([file], name, { type: file.type, lastModified: file.lastModified });

/** `eth0.pcap`, `eth0 (2).pcap` …: frames are cited by file name, so two captures may not share one. */
export function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  const dot = name.indexOf('.');
  const [stem, ending] = dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  for (let copy = 2; ; copy++) {
    const candidate = `${stem} (${copy})${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Names told before the rest is counted. */
const NAMES_TOLD = 3;

/** Files that were given once more. */
export function describeOpen(names: readonly string[]): string {
  const told = names.slice(0, NAMES_TOLD);
  const more = names.length - told.length;
  const all = [...told, ...(more > 0 ? [`${more} more`] : [])];
  const listed = all.length === 1 ? all[0] : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  return `${listed} ${names.length === 1 ? 'is' : 'are'} already open: nothing was added.`;
}
