import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface StackProcess {
  url: string;
  close: () => Promise<void>;
}

/** The local stack as `npm start -- --memory` serves it, in a process of its own: its CPU time is not the client's. */
export async function startStackProcess(): Promise<StackProcess> {
  const script = fileURLToPath(new URL("../../local/start.ts", import.meta.url));
  const child = spawn(process.execPath, [script, "--memory", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const ready = /ready on (\S+),/.exec(text)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once("exit", () => reject(new Error("the stack ended before it was ready")));
  });
  return {
    url,
    close: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
