import * as z from "zod/mini";

export const Time = z.iso.datetime();

/** The numbers that an alert or advice rests on. */
export const Evidence = z.record(z.string(), z.union([z.number(), z.string()]));
