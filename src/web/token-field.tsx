import { holderOf, tidied } from './token.ts';

/** The pasted token: shown as dots, kept for this tab alone, and never offered to a password store. */
export function TokenField({ token, onChange }: { token: string; onChange: (token: string) => void }) {
  const holder = holderOf(token);
  return (
    <div class="field">
      <label for="token">Access token</label>
      <div class="with-button">
        <textarea
          id="token"
          class="token"
          rows={1}
          required
          form="lookup"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby="token-hint"
          placeholder="Paste it here"
          value={token}
          onInput={(event) => onChange(tidied(event.currentTarget.value))}
        />
        <button type="button" class="quiet" disabled={token === ''} onClick={() => onChange('')}>
          Forget
        </button>
      </div>
      <p id="token-hint" class="hint">
        {holder === null
          ? 'Kept in this tab until you close it.'
          : `For ${holder}. Kept in this tab until you close it.`}
      </p>
    </div>
  );
}
