import type { Catalogue } from './answer.ts';

export interface Question {
  readonly serial: string;
  readonly maker?: string;
  readonly kind?: string;
  readonly case?: string;
}

interface Props {
  readonly catalogue: Catalogue | null;
  readonly busy: boolean;
  readonly onAsk: (question: Question) => void;
}

export function LookupForm({ catalogue, busy, onAsk }: Props) {
  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    onAsk(questionOf(new FormData(event.currentTarget)));
  }
  const text = { autocomplete: 'off', autocapitalize: 'off', spellcheck: false } as const;
  return (
    <form id="lookup" onSubmit={submit}>
      <div class="field">
        <label for="serial">Serial as you read it</label>
        <input id="serial" name="serial" class="serial" required maxLength={80} pattern=".*\S.*" {...text} />
        <p class="hint">Spaces, dashes, case and look-alikes such as O and 0 don’t matter.</p>
      </div>
      <div class="row">
        <div class="field">
          <label for="maker">
            Maker <span class="optional">optional</span>
          </label>
          <input id="maker" name="maker" maxLength={200} list="makers" {...text} />
          <datalist id="makers">
            {catalogue?.makers.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
        <div class="field">
          <label for="kind">
            Kind <span class="optional">optional</span>
          </label>
          <select id="kind" name="kind">
            <option value="">Any kind</option>
            {catalogue?.kinds.map(({ code, label }) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="case">
            Case <span class="optional">optional</span>
          </label>
          <input id="case" name="case" maxLength={100} {...text} />
        </div>
      </div>
      <button type="submit" disabled={busy}>
        {busy ? 'Looking up…' : 'Look up'}
      </button>
    </form>
  );
}

/** What the form asks, without the fields that were left empty. */
function questionOf(form: FormData): Question {
  const given = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const optional = (['maker', 'kind', 'case'] as const).filter((name) => given(name) !== '');
  return { serial: given('serial'), ...Object.fromEntries(optional.map((name) => [name, given(name)])) };
}
