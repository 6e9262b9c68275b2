import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { routes, tasks } from "../lib/routes.ts";
import { addChecks } from "./checks.ts";
import { readSettings } from "./settings.ts";
import { addStacks } from "./stacks.ts";

const app = new App();
const bundleDirectory = fileURLToPath(new URL("../dist", import.meta.url));
addStacks(app, readSettings(app.node), [...routes, ...tasks], bundleDirectory);
addChecks(app);
app.synth();
