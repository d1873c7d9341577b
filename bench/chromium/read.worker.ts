// Reads a File to its end by Blob.stream() and does nothing with it: what reading costs by itself.
addEventListener('message', async (event: MessageEvent<File>) => {
  const reader = event.data.stream().getReader();
  let bytes = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read())
    bytes += step.value.length;
  postMessage(bytes);
});
postMessage('ready');
