import { expect } from 'chai';
import { createPatience } from '../../src/main/patience.ts';

const FOREVER_MS = 3_600_000;

/** Work that ends when it is told to. */
function work(): { readonly done: Promise<void>; readonly end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { done, end };
}

describe('the patience of callers', () => {
  it('lasts until the work is done', async () => {
    const { done, end } = work();
    let attended = false;
    const waiting = createPatience(FOREVER_MS, 1)
      .attend(done)
      .then(() => (attended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(attended).to.equal(false);
    end();
    await waiting;
  });

  it('has an end, and what is left behind is waited for at the close', async () => {
    const patience = createPatience(1, 1);
    const { done, end } = work();
    await patience.attend(done);
    let closed = false;
    const closing = patience.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).to.equal(false);
    end();
    await closing;
  });

  it('has no end for more than may be left behind', async () => {
    const patience = createPatience(1, 1);
    const [first, second] = [work(), work()];
    await patience.attend(first.done);
    let attended = false;
    const waiting = patience.attend(second.done).then(() => (attended = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(attended).to.equal(false);
    second.end();
    await waiting;
    first.end();
    await patience.close();
    const third = work();
    await patience.attend(third.done);
    third.end();
  });
});
