import { readFileSync, writeFileSync } from 'node:fs';

// Loaded before a process's own modules: shifts its clock by as many milliseconds as the file CLOCK_FILE says, from
// the moment on at which CLOCK_FILE.seen says the same. Timers go on as they do when a machine's clock is set.

const LOOK_EVERY_MS = 20;
const file = process.env.CLOCK_FILE;
const Real = globalThis.Date;
let shift = 0;

globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + shift);
    else super(...given);
  }
  static now() {
    return Real.now() + shift;
  }
};

function look() {
  const text = readFileSync(file, 'utf8');
  if (text === '' || Number(text) === shift) return;
  shift = Number(text);
  writeFileSync(`${file}.seen`, text);
}

look();
setInterval(look, LOOK_EVERY_MS).unref();
