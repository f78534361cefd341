const WIDTH = 120;

/** JSON for reading: whatever fits on a line is on a line. */
export function renderedJson(value: unknown, indent = '', taken = 0): string {
  const line = onOneLine(value);
  if (indent.length + taken + line.length <= WIDTH || typeof value !== 'object' || value === null)
    return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const parts = value.map((each) => `${inner}${renderedJson(each, inner, 1)}`);
    return `[\n${parts.join(',\n')}\n${indent}]`;
  }
  const parts = Object.entries(value).map(([name, member]) => {
    const label = `${JSON.stringify(name)}: `;
    return `${inner}${label}${renderedJson(member, inner, label.length + 1)}`;
  });
  return `{\n${parts.join(',\n')}\n${indent}}`;
}

/** The JSON in a document; undefined for anything else. */
export function parsedBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${onOneLine(member)}`,
  );
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
