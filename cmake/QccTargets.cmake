# qcc_add_library(NAME SOURCES... [LINK LIBS...] [DEPENDS TARGETS...])
#   A static library that sees MLIR. Libraries that include MLIR headers share
#   one precompiled header, which is most of what makes a rebuild quick.
# qcc_add_plain_library(NAME SOURCES... [LINK LIBS...])
#   A static library that must not see MLIR (numbers, solvers, readers).
# qcc_add_passes(PHASE SOURCES...)
#   The pass group passes/<PHASE>: its Passes.td and sources as QccPhase<PHASE>.
# qcc_add_program(NAME SOURCES... [LINK LIBS...])
#   A program of the installed tree. It looks for libraries in ../lib, where the
#   installation puts those that a system without LLVM does not have; in RPATH
#   and not in RUNPATH, which does not hold for libraries of libraries.
# qcc_add_unittest(NAME SOURCES... [LINK LIBS...])
#   A GoogleTest program, run by ctest.
# qcc_add_subfolders()
#   Adds each folder below that has a CMakeLists.txt of its own. A folder whose
#   parent has one is left to that parent. By glob, since this tree mirrors the
#   source tree: a new test folder is then one new file and no edit elsewhere.

function(qcc_add_plain_library name)
  cmake_parse_arguments(arg "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${arg_LINK})
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()
endfunction()

function(qcc_add_library name)
  qcc_add_plain_library(${name} ${ARGN})
  target_link_libraries(${name} PUBLIC MLIR LLVM)
  if(TARGET QccPch)
    target_precompile_headers(${name} REUSE_FROM QccPch)
  endif()
endfunction()

function(qcc_add_passes phase)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name ${phase})
  add_public_tablegen_target(QccPhase${phase}IncGen)
  qcc_add_library(QccPhase${phase} ${ARGN} LINK QccIR QccTarget
                  DEPENDS QccPhase${phase}IncGen)
endfunction()

function(qcc_add_program name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  target_link_options(${name} PRIVATE -Wl,--disable-new-dtags)
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
  install(TARGETS ${name} RUNTIME_DEPENDENCY_SET qcc_libraries)
endfunction()

function(qcc_add_unittest name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()

function(qcc_add_subfolders)
  file(GLOB_RECURSE lists CONFIGURE_DEPENDS
       RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
       ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  list(SORT lists)
  set(added)
  foreach(list IN LISTS lists)
    get_filename_component(folder ${list} DIRECTORY)
    set(covered FALSE)
    foreach(parent IN LISTS added)
      string(FIND "${folder}/" "${parent}/" position)
      if(position EQUAL 0)
        set(covered TRUE)
      endif()
    endforeach()
    if(NOT covered)
      add_subdirectory(${folder})
      list(APPEND added ${folder})
    endif()
  endforeach()
endfunction()
