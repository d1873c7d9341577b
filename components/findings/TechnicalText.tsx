// A sentence whose addresses, ports and tuples are set in figures, so that they can be told from words and compared.
import { splitTechnical } from './split-technical';

export function TechnicalText({ text }: { readonly text: string }) {
  return splitTechnical(text).map((part) =>
    part.isFigure ? (
      <span key={part.offset} data-endpoint={part.text} className="figures text-[0.93em]">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}
