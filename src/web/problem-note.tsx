import type { Problem } from './client.ts';

export function ProblemNote({ problem }: { problem: Problem }) {
  const { title, detail, errors = [], instance } = problem;
  return (
    <div class="card problem" role="alert">
      <h2>{title}</h2>
      <p>{detail}</p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <strong>{field}</strong>: {message}
            </li>
          ))}
        </ul>
      )}
      {instance !== undefined && <p class="hint">Request {instance}</p>}
    </div>
  );
}
