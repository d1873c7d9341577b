// The frames that a line of a story cites, file by file, small beneath it.
import type { FrameReference } from '@/lib/model/finding';
import { describeFrames } from './describe-frames';

export function FrameNumbers({ frames }: { readonly frames: readonly FrameReference[] }) {
  if (frames.length === 0) return null;
  return (
    <span
      className="figures flex flex-wrap gap-x-2.5 text-2xs text-faint"
      title={frames.map(({ file, frame }) => `${file} #${frame}`).join('\n')}
    >
      {describeFrames(frames).map((text) => (
        <span key={text} className="max-w-full break-words">
          {text}
        </span>
      ))}
    </span>
  );
}
