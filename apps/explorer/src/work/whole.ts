/** The script that runs, where the page is one file; an empty text where it is made of modules. */
export const whole: string =
  typeof document === "undefined" ? "" : (document.currentScript?.textContent ?? "");
