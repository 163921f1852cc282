// The flat C ABI of the TorchSharp stand-in. A tensor handle is an owned TensorImpl*; a generator handle is an at::Generator*.
#pragma once

#include <torch/torch.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#define SHIM_API extern "C" __attribute__((visibility("default")))

namespace shim {

using Handle = c10::TensorImpl*;

// The optional type of this libtorch: c10::optional in old ones, std::optional in new ones.
template <class T> struct OptionalOf;
template <template <class...> class Optional, class Value> struct OptionalOf<Optional<Value>> {
  template <class T> using Type = Optional<T>;
};
template <class T>
using optional =
    typename OptionalOf<std::decay_t<decltype(std::declval<const c10::Argument&>().default_value())>>::template Type<T>;

// One argument or result of an operator. The managed side declares the same layout.
enum Tag : int32_t { None, Tensor, Int, Double, Bool, Ints, Tensors, OptionalTensors, Gen, Device, Default, Doubles, Text };
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    const void* p;
  };
};

// A counted reference to the tensor behind a handle; null is the undefined tensor.
inline at::Tensor borrow(Handle handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

inline Handle release(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

inline std::vector<at::Tensor> borrow_all(const Handle* handles, int64_t count) {
  std::vector<at::Tensor> result;
  result.reserve(count);
  for (int64_t i = 0; i < count; i++) result.push_back(borrow(handles[i]));
  return result;
}

void set_last_error(const char* message);

// Runs f; what it throws becomes the last error of this thread and `failed` the result.
template <class F, class R> R guarded(R failed, F&& f) {
  try {
    return f();
  } catch (const std::exception& e) {
    set_last_error(e.what());
  } catch (...) {
    set_last_error("an exception of unknown type left libtorch");
  }
  return failed;
}

}  // namespace shim
