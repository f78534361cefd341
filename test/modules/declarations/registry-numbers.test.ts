import { expect } from 'chai';
import { hasValidCheckCharacter } from '../../../src/kernel/check-character.ts';
import {
  declarationNumber,
  parsedNumber,
  printedNumber,
  registryMark,
} from '../../../src/modules/declarations/registry-numbers.ts';

describe('the number of a declaration', () => {
  const number = declarationNumber('TW', '2026', 'dcl_1');

  it('is country, year, twelve base 32 characters and a check character', () => {
    expect(number).to.match(/^TW2026[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]$/);
    expect(hasValidCheckCharacter(number)).to.equal(true);
  });

  it('is the same for one declaration and another for another', () => {
    expect(declarationNumber('TW', '2026', 'dcl_1')).to.equal(number);
    expect(declarationNumber('TW', '2026', 'dcl_2').slice(6, 18)).not.to.equal(number.slice(6, 18));
  });

  it('is read as printed, in either case, with spaces or hyphens', () => {
    const printed = printedNumber(number);
    expect(printed).to.match(/^TW-2026-.{4}-.{4}-.{4}-.$/);
    expect(parsedNumber(printed)).to.equal(number);
    expect(parsedNumber(` ${printed.toLowerCase().replaceAll('-', ' ')} `)).to.equal(number);
  });

  it('is not read with any one character changed, left out or added', () => {
    for (let index = 0; index < number.length; index += 1) {
      const other = number[index] === '7' ? '8' : '7';
      expect(parsedNumber(number.slice(0, index) + other + number.slice(index + 1)), String(index)).to.equal(
        null,
      );
      expect(parsedNumber(number.slice(0, index) + number.slice(index + 1)), String(index)).to.equal(null);
    }
    expect(parsedNumber(`${number}0`)).to.equal(null);
    expect(parsedNumber('')).to.equal(null);
  });
});

describe('a mark of the registry', () => {
  it('is RM, twelve base 32 characters and a check character, another for each line', () => {
    const marks = [1, 2, 3].map((line) => registryMark('dcl_1', line));
    for (const mark of marks) {
      expect(mark).to.match(/^RM[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]$/);
      expect(hasValidCheckCharacter(mark)).to.equal(true);
    }
    expect(new Set(marks).size).to.equal(3);
    expect(registryMark('dcl_1', 1)).to.equal(marks[0]);
    expect(registryMark('dcl_2', 1)).not.to.equal(marks[0]);
  });
});
