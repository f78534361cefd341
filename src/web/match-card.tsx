import type { ComponentChildren } from 'preact';
import { serialKey } from '../kernel/serial.ts';
import type { Answer, Difference, Match } from './answer.ts';
import { markedParts } from './marking.ts';
import { Timeline } from './timeline.tsx';
import { characterWords, isAlarming, matchWords, sentence, statusWords } from './words.ts';

interface Props {
  readonly match: Match;
  readonly query: Answer['query'];
  /** Whether its history is shown at once. */
  readonly open: boolean;
}

export function MatchCard({ match, query, open }: Props) {
  const { item, marked, score, differences, history, historyTruncated } = match;
  const status = statusWords(item.status);
  const facts: [string, ComponentChildren | undefined][] = [
    ['Maker', item.makerName],
    ['Kind', sentence(item.kind)],
    ['Model', item.model],
    ['Stations', item.stations?.toString()],
    ['Year', item.year?.toString()],
    ['Registered as', marked === item.serial ? undefined : item.serial],
    ['Status', isAlarming(item.status) ? <span class="stop">{status}</span> : status],
    ['Last known in', item.country],
  ];
  return (
    <article class="card match">
      <p class="fit">
        <span>{matchWords(match, query)}</span>
        <span class="score" title="Orders the matches; it is no probability">
          score {score.toFixed(2)}
        </span>
      </p>
      <h4 class="serial">
        {markedParts(marked, serialKey(marked), differences).map(({ text, differs }, index) =>
          differs ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </h4>
      {item.assignedMark && <p class="hint">Mark issued by the registry; the maker gave no serial.</p>}
      <Differences differences={differences} />
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <details open={open}>
        <summary>
          History,{' '}
          {history.length === 1 ? '1 event' : `${historyTruncated ? 'first ' : ''}${history.length} events`}
        </summary>
        <Timeline events={history} />
        {historyTruncated && (
          <p class="hint">There are later events. The API gives them all under the item’s history.</p>
        )}
      </details>
    </article>
  );
}

function Differences({ differences }: { differences: readonly Difference[] }) {
  const confusable = differences.filter(({ kind }) => kind === 'confusable');
  if (confusable.length === 0) return null;
  return (
    <p class="differences">
      {confusable.map(({ position, read, marked }) => (
        <span key={position}>
          read {characterWords(read)}, marked <strong>{characterWords(marked)}</strong>
        </span>
      ))}
    </p>
  );
}
