import type { Route } from "../lib/http/route.ts";

export interface RouteMatch {
  route: Route;
  /** Decoded; empty for a path without parameters. */
  params: Readonly<Record<string, string>>;
}

export type MatchRoute = (method: string, decodedPath: string) => RouteMatch | undefined;

interface Template {
  route: Route;
  segments: readonly string[];
}

/**
 * Finds the route of a request as API Gateway does: on the decoded path, so that an encoded slash
 * separates segments too; a literal segment wins over a parameter; a parameter is never empty.
 */
export function routeMatcher(routes: readonly Route[]): MatchRoute {
  const templates = routes
    .map((route): Template => ({ route, segments: route.path.split("/") }))
    .sort((a, b) => parameterPattern(a).localeCompare(parameterPattern(b)));
  return (method, decodedPath) => {
    const segments = decodedPath.split("/");
    const found = templates.find(
      (template) => template.route.method === method && fits(template, segments),
    );
    return found && { route: found.route, params: paramsOf(found, segments) };
  };
}

const isParameter = (segment: string): boolean => segment.startsWith("{");

/** Sorts literals before parameters, segment by segment. */
const parameterPattern = ({ segments }: Template): string =>
  segments.map((segment) => (isParameter(segment) ? "1" : "0")).join("");

const fits = ({ segments }: Template, actual: readonly string[]): boolean =>
  segments.length === actual.length &&
  segments.every((segment, index) =>
    isParameter(segment) ? actual[index] !== "" : segment === actual[index],
  );

const paramsOf = (
  { segments }: Template,
  actual: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    segments.flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1, -1), actual[index] ?? ""]] : [],
    ),
  );
