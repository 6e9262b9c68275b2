/** What to do about what one has not done oneself (SP 800-63B-4 section 4.6). */
export const repudiate =
  "If this was not you, change your password and tell your administrator: somebody else may have it.";
