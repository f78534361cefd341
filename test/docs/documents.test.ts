import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CONFIG_KEYS } from '../../src/config/config.ts';
import { derivedId } from '../../src/kernel/derived-id.ts';
import { filesBelow, ROOT, textOf } from '../architecture/tree.ts';

const DOCUMENTS = ['README.md', 'docs/api.md', 'docs/operations.md'];
const SCRIPTS = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;

/** The anchors that GitHub gives to a document's headings. */
function anchors(file: string): string[] {
  return [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documents', () => {
  for (const file of DOCUMENTS) {
    it(`${file} links only to what is there`, () => {
      const links = [...textOf(file).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
      expect(links).not.to.have.length(0);
      const broken = links.filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchors(target).includes(anchor);
      });
      expect(broken).to.deep.equal([]);
    });

    it(`${file} names only commands that exist`, () => {
      const named = [...textOf(file).matchAll(/(?<=`|^)npm (?:run (?:--silent )?)?([a-z:-]+)/gm)];
      expect(named).not.to.have.length(0);
      expect(named.filter(([, name = '']) => SCRIPTS[name] === undefined)).to.deep.equal([]);
    });
  }

  it('have nothing left in them that was to be filled in', () => {
    const files = ['README.md', ...filesBelow('docs', /\.(md|yaml|cfg|example|service|sh)$/)];
    expect(files.filter((file) => /@@|\b(TODO|FIXME|TBD)\b/.test(textOf(file)))).to.deep.equal([]);
  });

  it('name the declaration that the example files', () => {
    const { reference } = JSON.parse(textOf('docs/examples/declaration-36-stations.json')) as {
      reference: string;
    };
    expect(textOf('README.md')).to.include(`/v1/declarations/${derivedId('dcl', 'acme', reference)}`);
  });

  it('explain every setting with its default', () => {
    const rows = [...textOf('docs/operations.md').matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|/gm)];
    const explained = new Map(rows.map(([, key = '', fallback = '']) => [key, fallback]));
    expect([...explained.keys()]).to.have.members([...CONFIG_KEYS]);
    const defaults = [...textOf('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
    const wanted = new Map(defaults.map(([, key = '', value = '']) => [key, value]));
    expect(Object.fromEntries(explained)).to.deep.equal(Object.fromEntries(wanted));
  });
});
