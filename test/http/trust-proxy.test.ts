import { expect } from 'chai';
import { OPERATOR, startApp } from '../support/app.ts';
import { overEngines } from '../support/engines.ts';
import type { Engine } from '../support/engines.ts';

/** The cookie of a sign-in that a proxy says came over https. */
async function cookieOverHttps(engine: Engine, environment: Record<string, string>): Promise<string> {
  const app = await startApp(environment, { engine });
  try {
    const answer = await app.call('POST', '/queues/sign-in', {
      raw: new URLSearchParams({ token: app.tokenOf(OPERATOR) }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-proto': 'https' },
    });
    expect(answer.status).to.equal(303);
    return answer.headers.get('set-cookie') ?? '';
  } finally {
    await app.close();
  }
}

overEngines('what a proxy says of a request', (engine) => {
  it('counts for nothing unless proxies are trusted', async () => {
    expect(await cookieOverHttps(engine, {})).not.to.match(/; Secure/);
  });

  it('makes a cookie one for https only, where one proxy is trusted', async () => {
    expect(await cookieOverHttps(engine, { TRUST_PROXY: '1' })).to.match(/; Secure/);
  });
});
