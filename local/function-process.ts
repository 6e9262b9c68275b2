import { Console } from "node:console";
import { Writable } from "node:stream";

export type OnLine = (stream: "stdout" | "stderr", line: string) => void;

/** What a function takes for the `process` and `console` of a process of its own. */
export interface FunctionProcess {
  process: NodeJS.Process;
  console: Console;
}

/**
 * Stands in for a process: its own environment variables and output, the rest from the real one.
 *
 * @param variables copied, so that what the function changes stays with it
 */
export function createFunctionProcess(
  variables: Readonly<Record<string, string>>,
  onLine: OnLine,
): FunctionProcess {
  const own: Record<string | symbol, unknown> = {
    env: { ...variables },
    stdout: lineWriter((line) => onLine("stdout", line)),
    stderr: lineWriter((line) => onLine("stderr", line)),
  };
  return {
    process: new Proxy(process, {
      get: (target, property) =>
        Object.hasOwn(own, property) ? own[property] : Reflect.get(target, property, target),
    }),
    console: new Console(own["stdout"] as Writable, own["stderr"] as Writable),
  };
}

function lineWriter(onLine: (line: string) => void): Writable {
  let rest = "";
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
      done();
    },
  });
}
