// Reads a File to its end by Blob.stream() and does nothing with it: what reading costs by itself. Into new memory for each piece, as a stream's usual
// reader does, or into one buffer over and over.
const FILL_BYTES = 512 << 10;

addEventListener(
  'message',
  async ({
    data: { file, isFilling },
  }: MessageEvent<{ readonly file: File; readonly isFilling: boolean }>) => {
    let bytes = 0;
    if (isFilling) {
      const reader = file.stream().getReader({ mode: 'byob' });
      let buffer = new ArrayBuffer(FILL_BYTES);
      for (;;) {
        const { value, done } = await reader.read(new Uint8Array(buffer));
        if (done || value === undefined) break;
        bytes += value.length;
        buffer = value.buffer;
      }
    } else {
      const reader = file.stream().getReader();
      for (let step = await reader.read(); !step.done; step = await reader.read())
        bytes += step.value.length;
    }
    postMessage(bytes);
  },
);
postMessage('ready');
