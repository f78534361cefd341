import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { overEngines } from '../support/engines.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

overEngines('the description that the registry serves', (engine) => {
  let app: App;
  let description: Description;

  before(async () => {
    app = await startApp({}, { engine });
    description = (await app.get<Description>('/openapi.json')).body;
  });

  after(() => app.close());

  it('is valid OpenAPI 3.1', async () => {
    expect(description.openapi).to.match(/^3\.1\./);
    const { valid, errors } = await new Validator().validate({ ...structuredClone(description) });
    expect(errors).to.equal(undefined);
    expect(valid).to.equal(true);
  });

  it('says of every call what it does, and how it refuses strangers', () => {
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, { summary, security, responses }] of Object.entries(methods)) {
        const name = `${method} ${path}`;
        expect(summary, name).to.be.a('string').and.not.equal('');
        for (const response of Object.values(responses)) expect(response.description, name).to.be.a('string');
        if (path.startsWith('/v1/')) {
          expect(security, name).to.have.length.greaterThan(0);
          expect(responses, name).to.include.keys('401', '403', '429');
        }
      }
    }
  });
});
