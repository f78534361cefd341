import type { Answer, Route } from './route.ts';

/**
 * A check that an answer is one of those that the route describes.
 * It throws an Error naming what differs: the route's description is wrong, or its handler.
 */
export function createAnswerCheck(route: Route): (answer: Answer) => void {
  return (answer) => {
    const shape = route.answers[answer.status];
    const name = `${route.operationId} ${answer.status}`;
    if (shape === undefined) throw new Error(`${name} is not described`);
    const [mediaType] = (answer.mediaType ?? 'application/json').split(';');
    if (mediaType !== (shape.mediaType ?? 'application/json')) {
      throw new Error(`${name} is described with another media type than ${mediaType}`);
    }
    if (shape.schema === undefined || answer.text !== undefined) return;
    const sent: unknown = JSON.parse(JSON.stringify(answer.body));
    const { error } = shape.schema.validate(sent, { convert: false, abortEarly: false });
    if (error !== undefined) throw new Error(`${name} differs from its description: ${error.message}`);
  };
}
