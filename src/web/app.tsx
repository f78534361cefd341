import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Catalogue } from './answer.ts';
import { AnswerView } from './answer-view.tsx';
import { ask } from './client.ts';
import type { Outcome } from './client.ts';
import { LookupForm } from './lookup-form.tsx';
import type { Question } from './lookup-form.tsx';
import { NumberNote } from './number-note.tsx';
import { ProblemNote } from './problem-note.tsx';
import { TokenField } from './token-field.tsx';
import { keepToken, keptToken, looksWhole } from './token.ts';

export function App() {
  const [token, setToken] = useState(keptToken);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome<Answer> | null>(null);
  const running = useRef<AbortController | null>(null);
  const result = useRef<HTMLElement>(null);
  const catalogue = useCatalogue(token);

  useEffect(() => {
    if (outcome !== null) result.current?.focus();
  }, [outcome]);

  async function lookUp(question: Question): Promise<void> {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    setOutcome(null);
    const { signal } = controller;
    const answered = await ask<Answer>('/v1/lookup', { ...question }, token, signal).catch(() => null);
    if (signal.aborted) return;
    setBusy(false);
    setOutcome(answered);
  }

  function changeToken(next: string): void {
    keepToken(next);
    setToken(next);
    if (next === '') forgetAnswer();
  }

  /** What one person was shown is gone before the next one pastes a token. */
  function forgetAnswer(): void {
    running.current?.abort();
    setBusy(false);
    setOutcome(null);
  }

  return (
    <>
      <header>
        <div class="wide">
          <h1>Pill press registry</h1>
          <a href="/docs">API documentation</a>
        </div>
      </header>
      <main class="wide">
        <p class="lead">
          This register holds tablet presses, encapsulating machines and their key parts by the serial marked
          on them, with what was declared, verified and seen of each. Customs officers and regulators look a
          serial up here, even one that is worn or misread.
        </p>
        <NumberNote search={location.search} token={token} />
        <section class="card" aria-labelledby="ask">
          <h2 id="ask">Look a serial up</h2>
          <TokenField token={token} onChange={changeToken} />
          <LookupForm catalogue={catalogue} busy={busy} onAsk={(question) => void lookUp(question)} />
        </section>
        <p class="visually-hidden" role="status">
          {busy ? 'Looking up' : ''}
        </p>
        <section ref={result} tabIndex={-1} aria-label="Result" aria-live="polite" class="result">
          {outcome !== null && 'value' in outcome && <AnswerView answer={outcome.value} />}
          {outcome !== null && 'problem' in outcome && <ProblemNote problem={outcome.problem} />}
        </section>
      </main>
      <footer class="wide">
        <p>
          Every look-up is logged with who asked, when and what. A match is a lead, not proof: compare the
          item itself.
        </p>
      </footer>
    </>
  );
}

/** Kinds and makers for the form, once there is a token to ask with; without them the form works all the same. */
function useCatalogue(token: string): Catalogue | null {
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  useEffect(() => {
    if (!looksWhole(token)) return undefined;
    const controller = new AbortController();
    ask<Catalogue>('/v1/catalogue', {}, token, controller.signal).then(
      (outcome) => 'value' in outcome && setCatalogue(outcome.value),
      () => undefined,
    );
    return () => controller.abort();
  }, [token]);
  return catalogue;
}
