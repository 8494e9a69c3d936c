// A table for cases given as JSON by @gorules/zen-engine, as often as fits in the seconds given.
// Usage: node zen.mjs MODEL.json CASES.json SECONDS
import { readFileSync } from 'node:fs';
import { ZenEngine } from '@gorules/zen-engine';

const [model, file, limit] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(file, 'utf8'));
const decision = new ZenEngine().createDecision(readFileSync(model));
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const run = async (seconds) => {
  let done = 0;
  const start = cpu();
  do {
    for (let i = 0; i < 10; i++) await decision.evaluate(cases[done++ % cases.length]);
  } while (cpu() - start < seconds);
  return done / (cpu() - start);
};
await run(Number(limit) / 4); // warm
const rate = await run(Number(limit));
const results = [];
for (const one of cases.slice(0, 100)) results.push((await decision.evaluate(one)).result);
console.log(JSON.stringify({ rate: Math.round(rate), results }));
