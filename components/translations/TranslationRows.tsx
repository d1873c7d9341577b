// One connection's translations: a row each, what the requests underwent beside what the replies did.
import type { ConnectionSummary, Translation } from '@/lib/model/connection';
import {
  faultPlace,
  kindWord,
  laneStops,
  type TranslationPair,
  type TranslationTable,
  verdictText,
} from '@/lib/model/translation-table';

type NameOf = (stop: string) => string;

export function TranslationRows({
  table: { connection, pairs },
  nameOf,
}: {
  readonly table: TranslationTable;
  readonly nameOf: NameOf;
}) {
  return (
    <table className="w-full text-xs">
      <caption className="figures px-3.5 pb-1 text-left text-ink">
        {connection.client} → {connection.server}
      </caption>
      <thead className="text-2xs text-muted">
        <tr className="border-y border-line text-left">
          <th className="w-1/2 py-0.5 pl-3.5 font-normal">forward</th>
          <th className="w-1/2 py-0.5 pr-3.5 pl-3 font-normal">reverse</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <tr
            key={[pair.forward, pair.reverse].map((one) => `${one?.from}${one?.before}`).join()}
            className="border-b border-line align-top"
          >
            <td className="py-1 pl-3.5">
              <Change connection={connection} translation={pair.forward} nameOf={nameOf} />
            </td>
            <td
              className={`py-1 pr-3.5 pl-3 ${pair.verdict === 'broken' ? 'bg-failure-surface' : ''}`}
            >
              <Answer connection={connection} pair={pair} nameOf={nameOf} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({
  connection,
  pair,
  nameOf,
}: {
  readonly connection: ConnectionSummary;
  readonly pair: TranslationPair;
  readonly nameOf: NameOf;
}) {
  const words = verdictText(pair);
  const isBroken = pair.verdict === 'broken';
  const place = faultPlace(connection, pair, nameOf);
  return (
    <>
      {(pair.reverse !== null || !words) && (
        <Change connection={connection} translation={pair.reverse} nameOf={nameOf} />
      )}
      {pair.verdict === 'inverse' && <span className="sr-only">the inverse</span>}
      {words && (
        <p className={isBroken ? 'figures font-semibold text-failure' : 'text-muted'}>
          {isBroken && '≠ '}
          {words}
        </p>
      )}
      {place !== '' && <p className="text-2xs text-muted">{place}</p>}
    </>
  );
}

function Change({
  connection,
  translation,
  nameOf,
}: {
  readonly connection: ConnectionSummary;
  readonly translation: Translation | null;
  readonly nameOf: NameOf;
}) {
  if (translation === null) return <span className="text-muted">no translation seen</span>;
  const { kind, before, after } = translation;
  return (
    <>
      <p className="figures text-nat">
        {kindWord(kind)} {before} → {after}
      </p>
      <p className="text-2xs text-muted">
        {laneStops(connection, translation).map(nameOf).join(' → ')}
      </p>
    </>
  );
}
