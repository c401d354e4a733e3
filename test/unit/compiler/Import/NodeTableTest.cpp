// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The op table is searched by halves, so its order is part of its meaning.

#include "compiler/Import/Onnx/NodeTable.h"

#include "gtest/gtest.h"

using namespace qcc::onnx_import;

TEST(NodeTable, IsSortedWithoutDoubles) {
  llvm::ArrayRef<NodeRow> rows = getNodeRows();
  for (size_t i = 1; i < rows.size(); ++i)
    EXPECT_LT(rows[i - 1].name, rows[i].name);
}

TEST(NodeTable, FindsByDomain) {
  onnx::NodeProto node;
  node.set_op_type("Gelu");
  EXPECT_NE(findNodeRow(node), nullptr);
  node.set_domain("ai.onnx");
  EXPECT_NE(findNodeRow(node), nullptr);
  node.set_domain("com.microsoft");
  EXPECT_NE(findNodeRow(node), nullptr);
  node.set_domain("org.example");
  EXPECT_EQ(findNodeRow(node), nullptr);
}
