// Stands for the engine: holds the blocks that the parse worker sends, and says at the end how many frames they had.
import type { ParseMessage } from '../../lib/engine/parse-messages';
import type { ParsedBlock } from '../../lib/model/parsed-block';

const kept: ParsedBlock[] = [];

addEventListener('message', ({ data: port }: MessageEvent<MessagePort>) => {
  port.addEventListener('message', ({ data }: MessageEvent<ParseMessage>) => {
    if (data.type === 'block') kept.push(data.block);
    else if (data.type === 'done' || data.type === 'failed')
      postMessage(kept.reduce((sum, { rows }) => sum + rows, 0));
  });
  port.start();
});
postMessage('ready');
