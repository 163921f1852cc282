// What a handle is asked without an operator: lifetime, shape, storage, gradient.
#include "shim.h"

#include <ATen/core/grad_mode.h>

using namespace shim;

SHIM_API void shim_tensor_free(Handle t) { c10::raw::intrusive_ptr::decref(t); }
SHIM_API Handle shim_tensor_alias(Handle t) { return release(borrow(t)); }

SHIM_API int64_t shim_tensor_dim(Handle t) { return t->dim(); }
SHIM_API int64_t shim_tensor_numel(Handle t) { return t->numel(); }
SHIM_API int64_t shim_tensor_itemsize(Handle t) { return (int64_t)t->itemsize(); }
SHIM_API int32_t shim_tensor_dtype(Handle t) { return (int32_t)c10::typeMetaToScalarType(t->dtype()); }
SHIM_API int32_t shim_tensor_device_type(Handle t) { return (int32_t)t->device_type(); }
SHIM_API int32_t shim_tensor_device_index(Handle t) { return (int32_t)t->device().index(); }
SHIM_API int32_t shim_tensor_is_contiguous(Handle t) { return t->is_contiguous(); }
SHIM_API int32_t shim_tensor_is_sparse(Handle t) { return t->layout() == c10::kSparse; }
SHIM_API int64_t shim_tensor_storage_offset(Handle t) { return t->storage_offset(); }
SHIM_API void shim_tensor_sizes(Handle t, int64_t* sizes) {
  std::copy(t->sizes().begin(), t->sizes().end(), sizes);
}
SHIM_API void shim_tensor_strides(Handle t, int64_t* strides) {
  std::copy(t->strides().begin(), t->strides().end(), strides);
}
SHIM_API int32_t shim_tensor_same_shape(Handle a, Handle b) { return a->sizes().equals(b->sizes()); }

SHIM_API void* shim_tensor_data(Handle t) {
  return guarded((void*)nullptr, [&] { return borrow(t).data_ptr(); });
}

SHIM_API int32_t shim_tensor_requires_grad(Handle t) { return borrow(t).requires_grad(); }
SHIM_API int32_t shim_tensor_is_leaf(Handle t) { return borrow(t).is_leaf(); }
SHIM_API int32_t shim_tensor_set_requires_grad(Handle t, int32_t value) {
  return guarded(-1, [&] {
    borrow(t).set_requires_grad(value != 0);
    return 0;
  });
}
SHIM_API int32_t shim_tensor_retain_grad(Handle t) {
  return guarded(-1, [&] {
    borrow(t).retain_grad();
    return 0;
  });
}
// The gradient as a new reference; null is none, and what fails is reported through `error`.
SHIM_API Handle shim_tensor_grad(Handle t, int32_t* error) {
  *error = -1;
  return guarded((Handle) nullptr, [&] {
    Handle grad = release(at::Tensor(borrow(t).grad()));
    *error = 0;
    return grad;
  });
}
SHIM_API int32_t shim_tensor_set_grad(Handle t, Handle grad) {
  return guarded(-1, [&] {
    borrow(t).mutable_grad() = borrow(grad);
    return 0;
  });
}

// A tensor over memory of the caller, who is called back through `free(context)` when the last user is gone.
SHIM_API Handle shim_tensor_from_memory(
    void* data, void* context, void (*free)(void*), const int64_t* sizes, int32_t dim, int32_t stored, int32_t wanted,
    int32_t device_type, int32_t device_index, int32_t requires_grad) {
  return guarded((Handle) nullptr, [&] {
    bool moves = device_type != 0;
    auto options = at::TensorOptions().dtype((at::ScalarType)stored).requires_grad(requires_grad && !moves);
    auto result = torch::from_blob(
        data, at::IntArrayRef(sizes, dim), [context, free](void*) { free(context); }, options);
    if (moves) {
      auto device = c10::Device((c10::DeviceType)device_type, (c10::DeviceIndex)device_index);
      result = result.to(device, (at::ScalarType)wanted).set_requires_grad(requires_grad);
    } else if (stored != wanted) {
      result = result.to((at::ScalarType)wanted);
    }
    return release(std::move(result));
  });
}

// The value of a one-element tensor as Int, Double or Bool.
SHIM_API int32_t shim_tensor_item(Handle t, Value* value) {
  return guarded(-1, [&] {
    at::Scalar item = borrow(t).item();
    if (item.isBoolean()) {
      value->tag = Bool;
      value->i = item.toBool();
    } else if (item.isIntegral(false)) {
      value->tag = Int;
      value->i = item.toLong();
    } else {
      value->tag = Double;
      value->d = item.toDouble();
    }
    return 0;
  });
}
