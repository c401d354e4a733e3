// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Orders nodes without recursion, since a graph may be as deep as its file is
// long: first marks what the outputs reach, then releases each node when its
// last producer is out, the earliest in the file first.

#include "compiler/Import/Onnx/NodeOrder.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <queue>

using llvm::Expected;
using llvm::StringRef;

namespace qcc::onnx_import {

StringRef getLayerName(const onnx::NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  for (const std::string &output : node.output())
    if (!output.empty())
      return output;
  return node.op_type();
}

std::string describeNode(const onnx::NodeProto &node) {
  std::string type = quote(node.op_type());
  return "node " + quote(getLayerName(node)) + " (" +
         type.substr(1, type.size() - 2) + ")";
}

/// Adds all names that `graph` reads, the bodies of its nodes included. The
/// reader bounds how deep those are.
static void addNames(const onnx::GraphProto &graph,
                     std::vector<StringRef> &names);

/// The names that a node's bodies read, their own ones among them.
static std::vector<StringRef> listNames(const onnx::NodeProto &node) {
  std::vector<StringRef> names;
  for (const onnx::AttributeProto &attribute : node.attribute())
    if (attribute.has_g())
      addNames(attribute.g(), names);
  return names;
}

static void addNames(const onnx::GraphProto &graph,
                     std::vector<StringRef> &names) {
  for (const onnx::NodeProto &node : graph.node()) {
    names.insert(names.end(), node.input().begin(), node.input().end());
    for (StringRef name : listNames(node))
      names.push_back(name);
  }
  for (const onnx::ValueInfoProto &output : graph.output())
    names.push_back(output.name());
}

namespace {

class NodeSorter {
public:
  NodeSorter(onnx::GraphProto &graph, bool isBody)
      : graph(graph), isBody(isBody) {}

  Expected<std::vector<onnx::NodeProto *>> run() {
    if (llvm::Error error = findProducers())
      return error;
    if (llvm::Error error = markReached())
      return error;
    return release();
  }

private:
  llvm::Error findProducers();
  llvm::Error markReached();
  Expected<std::vector<onnx::NodeProto *>> release();

  onnx::GraphProto &graph;
  bool isBody;
  llvm::StringSet<> sources; // inputs and initializers
  llvm::StringMap<int> producers;
  std::vector<bool> isReached;
  std::vector<std::vector<int>> users;
  std::vector<int> waitsFor;
};

} // namespace

llvm::Error NodeSorter::findProducers() {
  for (const onnx::ValueInfoProto &input : graph.input())
    if (!sources.insert(input.name()).second)
      return llvm::createStringError(
          "expected inputs of different names, but got two named " +
          quote(input.name()));
  llvm::StringSet<> initializers;
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    if (!initializers.insert(tensor.name()).second)
      return llvm::createStringError(
          "expected initializers of different names, but got two named " +
          quote(tensor.name()));
    sources.insert(tensor.name());
  }
  for (int i = 0; i < graph.node_size(); ++i)
    for (const std::string &output : graph.node(i).output())
      if (!output.empty() && (sources.contains(output) ||
                              !producers.try_emplace(output, i).second))
        return llvm::createStringError(
            describeNode(graph.node(i)) +
            ": expected an output name of its own, but got " + quote(output) +
            ", which is taken");
  return llvm::Error::success();
}

llvm::Error NodeSorter::markReached() {
  isReached.assign(graph.node_size(), false);
  users.resize(graph.node_size());
  waitsFor.assign(graph.node_size(), 0);
  std::vector<int> work;
  auto reach = [&](int node) {
    if (!isReached[node])
      work.push_back(node);
    isReached[node] = true;
  };
  for (const onnx::ValueInfoProto &output : graph.output()) {
    auto producer = producers.find(output.name());
    if (producer != producers.end())
      reach(producer->getValue());
    else if (!isBody && !sources.contains(output.name()))
      return llvm::createStringError("expected a node that gives output " +
                                     quote(output.name()) + ", but got none");
  }
  while (!work.empty()) {
    int user = work.back();
    work.pop_back();
    const onnx::NodeProto &node = graph.node(user);
    auto waitFor = [&](StringRef name) {
      auto producer = producers.find(name);
      if (name.empty() || sources.contains(name))
        return true;
      if (producer == producers.end())
        return isBody;
      users[producer->getValue()].push_back(user);
      ++waitsFor[user];
      reach(producer->getValue());
      return true;
    };
    for (const std::string &input : node.input())
      if (!waitFor(input))
        return llvm::createStringError(
            describeNode(node) +
            ": expected a node, input or initializer that gives " +
            quote(input) + ", but got none");
    for (StringRef name : listNames(node))
      waitFor(name);
  }
  return llvm::Error::success();
}

Expected<std::vector<onnx::NodeProto *>> NodeSorter::release() {
  std::priority_queue<int, std::vector<int>, std::greater<int>> ready;
  for (int i = 0; i < graph.node_size(); ++i)
    if (isReached[i] && waitsFor[i] == 0)
      ready.push(i);
  std::vector<onnx::NodeProto *> order;
  while (!ready.empty()) {
    int node = ready.top();
    ready.pop();
    order.push_back(graph.mutable_node(node));
    for (int user : users[node])
      if (--waitsFor[user] == 0)
        ready.push(user);
  }
  for (int i = 0; i < graph.node_size(); ++i)
    if (isReached[i] && waitsFor[i] > 0)
      return llvm::createStringError(
          describeNode(graph.node(i)) +
          ": expected a graph without cycles, but got one that this node is in "
          "or behind");
  return order;
}

Expected<std::vector<onnx::NodeProto *>> orderNodes(onnx::GraphProto &graph,
                                                    bool isBody) {
  return NodeSorter(graph, isBody).run();
}

} // namespace qcc::onnx_import
