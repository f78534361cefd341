/** A problem as RFC 9457 writes it, with one entry in `errors` for each field at fault. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export type Outcome<T> = { readonly value: T } | { readonly problem: Problem };

/**
 * Asks the registry's API. A refusal, and a registry that can't be reached, come back as a problem.
 * @throws what `signal` was aborted with
 */
export async function ask<T>(
  path: string,
  query: Readonly<Record<string, string>>,
  token: string,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const url = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
  let response: Response;
  try {
    response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store', signal });
  } catch {
    signal.throwIfAborted();
    return { problem: { title: 'No answer', detail: 'The registry could not be reached. Try again.' } };
  }
  const body: unknown = await response.json().catch(() => null);
  signal.throwIfAborted();
  if (response.ok && body !== null) return { value: body as T };
  return { problem: isProblem(body) ? body : unreadable(response.status) };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'detail' in body;
}

function unreadable(status: number): Problem {
  return { title: `Status ${status}`, detail: 'The registry’s answer could not be read. Try again later.' };
}
