// What axe, IBM's checker and a ruler find wrong with a page as it is shown just now.
"use strict";

window.barriers = (() => {
  const PRESSED = "button, .button, input, select, textarea";
  const checker = window.ace && withRulesThatFail(new ace.Checker());

  // Many of IBM's rules only ask a person to look, and are slow.
  function withRulesThatFail(checker) {
    const asks = /^(0|group|pass|potential|manual)/i;
    const codes = (rule) => Object.keys(checker.engine.nlsMap[rule.id]);
    keep("everything", (rule) => !codes(rule).every((code) => asks.test(code)));
    keep("colours", (rule) => rule.id === "text_contrast_sufficient");
    return checker;

    function keep(name, isKept) {
      const all = checker.getGuidelines().find((each) => each.id === "IBM_Accessibility");
      for (const point of all.checkpoints) point.rules = point.rules.filter(isKept);
      checker.addGuideline({ ...all, id: name });
    }
  }

  async function ibm(rules) {
    if (!checker) return [];
    const { results } = await checker.check(document, [rules]);
    const wrong = results.filter((each) => each.value[1] === "FAIL" && !isShutAway(each.node));
    return wrong.map((each) => `IBM, ${each.ruleId}: ${each.message}: ${each.snippet}`);
  }

  // IBM's checker takes what is within closed details for shown, and its labels for hidden.
  function isShutAway(node) {
    return node.closest?.("details:not([open])") && !node.closest("summary");
  }

  async function axeFinds(place, options) {
    const { violations } = await axe.run(place, { resultTypes: ["violations"], ...options });
    return violations.flatMap((each) => each.nodes.map((node) => `axe, ${each.id}: ${node.html}`));
  }

  // Of many words in the same colours and size, on the same ground, one is enough to look at.
  function looks() {
    const found = new Map();
    for (const element of document.body.querySelectorAll("*")) {
      if (!hasWords(element) || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const look = [style.color, style.fontSize, style.fontWeight, style.opacity];
      for (let under = element; under; under = under.parentElement) {
        const ground = getComputedStyle(under);
        look.push(ground.backgroundColor, ground.opacity);
      }
      if (!found.has(look.join())) found.set(look.join(), element);
    }
    return [...found.values()];
  }

  function hasWords(element) {
    return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  async function colours() {
    const shown = looks();
    if (!shown.length) return [];
    return axeFinds(shown, { runOnly: { type: "tag", values: ["cat.color"] } });
  }

  // A page that scrolls sideways, what is too small to be hit, and words that are cut off.
  function ruler() {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const element of document.querySelectorAll("button, input, select, textarea, summary, a:not(.skip)")) {
      const box = element.getBoundingClientRect();
      if (box.width && (box.height < 24 || box.width < 24)) found.push(`too small: ${element.outerHTML}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (isCut(element)) found.push(`cut off: ${element.outerHTML}`);
    }
    return found;
  }

  function isCut(element) {
    const { clientHeight, clientWidth, scrollHeight, scrollWidth } = element;
    if (clientWidth <= 1) return false; // for screen readers only, or not shown
    const isOver = scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1;
    if (!isOver) return false;
    return element.matches("button") || getComputedStyle(element).overflow === "hidden";
  }

  // Where people choose the colours themselves, nothing keeps its own, and a button has an edge.
  function ownColours() {
    const shown = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
    const kept = shown.filter((element) => getComputedStyle(element).forcedColorAdjust === "none");
    const bare = shown.filter((element) => element.matches(PRESSED) && !hasEdge(element));
    return [...kept, ...bare].map((element) => `own colours, or no edge: ${element.outerHTML}`);
  }

  function hasEdge(element) {
    const byBrowser = ["checkbox", "radio", "range"];
    return byBrowser.includes(element.type) || getComputedStyle(element).borderStyle !== "none";
  }

  // Scripts of the page's own may answer to a new width before the next picture.
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  return {
    drawn,
    async everything() {
      return [...await this.structure(), ...await colours()];
    },
    async structure() {
      const options = { rules: { "color-contrast": { enabled: false } } };
      return [...await axeFinds(document, options), ...await ibm("everything"), ...ruler()];
    },
    async colours() {
      return [...await colours(), ...await ibm("colours")];
    },
    async forced() { // where axe still reads the page's own colours
      return [...await this.structure(), ...ownColours()];
    },
    twiceTheText() {
      const root = document.documentElement;
      root.style.fontSize = "200%";
      const found = ruler();
      root.style.fontSize = "";
      return found;
    },
  };
})();
