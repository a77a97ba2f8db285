/* A branching case: the rules of course/domain/case.py. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});

  const nodeOf = (graph, id) => graph.nodes.find((node) => node.id === id);

  /** Follow a kept path. Where the case has changed since, the path is kept up to there and no further. */
  function walk(graph, path) {
    const steps = [];
    let node = graph.nodes[0];
    for (const written of path) {
      const choice = node.choices.find((one) => `${node.id}=${one.id}` === written);
      if (!choice) break;
      steps.push({ node, choice });
      node = nodeOf(graph, choice.to);
    }
    return { steps, node, ended: node.choices.length === 0, path: steps.map((step) => `${step.node.id}=${step.choice.id}`) };
  }

  /** The path with one decision more; null for a choice that the place does not have. */
  function decided(graph, path, choiceId) {
    const here = walk(graph, path);
    return here.node.choices.some((one) => one.id === choiceId) ? [...here.path, `${here.node.id}=${choiceId}`] : null;
  }

  Object.assign(our, { walk, decided });
})();
