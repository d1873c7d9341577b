// Failures that are nobody's fault in here, in words for the user: a file that can no longer be read, and too little memory. Browsers throw a DOMException,
// Node an error of the system, both a RangeError where no memory is left.

/** undefined: something else went wrong. */
export function describeReadFailure(error: unknown): string | undefined {
  if (error instanceof DOMException)
    return error.name === 'NotReadableError' || error.name === 'NotFoundError'
      ? 'the file was changed, moved or removed after it was opened, or the browser may not read it any more'
      : undefined;
  return error instanceof Error && 'syscall' in error ? error.message : undefined;
}

/** undefined: there is memory. */
export const describeMemoryFailure = (error: unknown): string | undefined =>
  error instanceof RangeError && /allocation failed|array length/i.test(error.message)
    ? 'there is not enough memory for it beside the others'
    : undefined;

export const describeFailure = (error: unknown): string | undefined =>
  describeReadFailure(error) ?? describeMemoryFailure(error);
