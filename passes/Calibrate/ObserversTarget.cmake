# The observers and the statistics file: no MLIR, so that tests and tools can
# use them alone. Included by this folder's CMakeLists.txt.
qcc_add_plain_library(QccObservers
  RangeObserver.cpp
  RangeChoice.cpp
  Statistics.cpp
  LINK LLVM)
