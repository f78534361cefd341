import { expect } from 'chai';
import { hasValidCheckCharacter } from '../../../src/kernel/check-character.ts';
import {
  declarationNumber,
  isRegistryMark,
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

  it('is another after each amendment', () => {
    const numbers = [0, 1, 2, 1].map((amendments) => declarationNumber('TW', '2026', 'dcl_1', amendments));
    expect(numbers[0]).to.equal(number);
    expect(new Set(numbers).size).to.equal(3);
    for (const each of numbers) expect(parsedNumber(each)).to.equal(each);
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

  it('is known in whatever form it is written, and by its check character', () => {
    const mark = registryMark('dcl_1', 1);
    for (const form of [
      mark,
      mark.toLowerCase(),
      `${mark.slice(0, 2)}-${mark.slice(2, 9)} ${mark.slice(9)}`,
    ]) {
      expect(isRegistryMark(form), form).to.equal(true);
    }
    const last = mark.at(-1) === '7' ? '8' : '7';
    const others = [
      mark.slice(0, -1) + last,
      mark.slice(0, -1),
      `${mark}0`,
      mark.replace('RM', 'RN'),
      'RM',
      '',
    ];
    for (const other of others) expect(isRegistryMark(other), other).to.equal(false);
  });
});
