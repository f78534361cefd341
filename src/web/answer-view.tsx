import type { Answer, Reason } from './answer.ts';
import { VerdictIcon } from './icons.tsx';
import { MatchCard } from './match-card.tsx';
import { VERDICTS, instantWords } from './words.ts';

const LEVELS: Readonly<Record<Reason['level'], string>> = { stop: 'Stop', caution: 'Caution', info: 'Note' };

export function AnswerView({ answer }: { answer: Answer }) {
  const { verdict, reasons, matches, query, lookupId, at, truncated } = answer;
  const { word, meaning } = VERDICTS[verdict];
  return (
    <>
      <div class={`banner ${verdict}`}>
        <VerdictIcon verdict={verdict} />
        <div>
          <h2>{word}</h2>
          <p>{meaning}</p>
          <p class="asked">
            Read as <code>{query.serial}</code>
          </p>
        </div>
      </div>
      <h3>Reasons</h3>
      <ul class="reasons">
        {reasons.map(({ code, level, because, itemId }) => (
          <li key={`${code} ${itemId ?? ''}`}>
            <span class={`level ${level}`}>{LEVELS[level]}</span>
            <span>{because}</span>
          </li>
        ))}
      </ul>
      {matches.length > 0 && (
        <h3>{matches.length === 1 ? '1 registered item' : `${matches.length} registered items`}</h3>
      )}
      {matches.map((match, index) => (
        <MatchCard key={match.item.itemId} match={match} query={query} open={index === 0} />
      ))}
      {truncated === true && (
        <p>More items fit than are shown. Give the maker and the kind to narrow it down.</p>
      )}
      <p class="hint">
        Look-up {lookupId}, {instantWords(at)}
      </p>
    </>
  );
}
