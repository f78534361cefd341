import type { ItemEvent } from './answer.ts';
import { instantWords, sentence } from './words.ts';

/** What became of an item, the earliest first. */
export function Timeline({ events }: { events: readonly ItemEvent[] }) {
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li key={event.seq}>
          <p>
            <strong>{sentence(event.type)}</strong>{' '}
            <time dateTime={event.occurredAt}>{instantWords(event.occurredAt)}</time>
            {event.place !== undefined && <span> at {event.place}</span>}
          </p>
          <p class="hint">
            {whoOf(event)}
            {event.recordedAt.slice(0, 10) !== event.occurredAt.slice(0, 10) &&
              `, recorded ${instantWords(event.recordedAt)}`}
          </p>
          <Detail detail={event.detail} />
        </li>
      ))}
    </ol>
  );
}

function whoOf({ actor, org }: ItemEvent): string {
  const by =
    actor.role === 'registry' ? 'by the registry' : `by ${actor.org} (${actor.role}, ${actor.country})`;
  return org === undefined || org === actor.org ? by : `${by}, declared by ${org}`;
}

function Detail({ detail }: { detail: ItemEvent['detail'] }) {
  const entries = Object.entries(detail);
  if (entries.length === 0) return null;
  return (
    <p class="hint">{entries.map(([name, value]) => `${sentence(name)}: ${String(value)}`).join(' · ')}</p>
  );
}
