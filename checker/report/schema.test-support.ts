/** Compares documents with the JSON Schema of the package. */
import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';

const validators = {
  result: validator('result'),
  history: validator('history'),
  validation: validator('validation'),
  clocks: validator('clocks'),
};

/** The schema, but what it does not name is forbidden: a reader of the schema knows all that is printed. */
function validator(name: string) {
  const file = new URL(`schema/${name}.schema.json`, import.meta.url);
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return new Ajv2020({ allErrors: true }).compile(closed(schema) as object);
}

/** In what a document is not as the schema of that name says; null where it is. */
export function schemaErrors(document: unknown, schema: keyof typeof validators = 'result'): unknown {
  const validate = validators[schema];
  validate(JSON.parse(JSON.stringify(document)));
  return validate.errors;
}

function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, key === 'if' ? value : closed(value)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return copy['type'] === 'object' ? { additionalProperties: false, ...copy } : copy;
}
