// Autograd, gradient modes, generators, threads and devices.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

using namespace shim;

SHIM_API const char* shim_version() { return TORCH_VERSION; }

SHIM_API int32_t shim_backward(
    const Handle* tensors, int32_t count, const Handle* gradients, int32_t gradient_count, int32_t retain_graph,
    int32_t create_graph, const Handle* inputs, int32_t input_count) {
  return guarded(-1, [&] {
    torch::autograd::backward(
        borrow_all(tensors, count), borrow_all(gradients, gradient_count), retain_graph != 0, create_graph != 0,
        borrow_all(inputs, input_count));
    return 0;
  });
}

SHIM_API int32_t shim_grad(
    const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count, const Handle* gradients,
    int32_t gradient_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
  return guarded(-1, [&] {
    auto found = torch::autograd::grad(
        borrow_all(outputs, output_count), borrow_all(inputs, input_count), borrow_all(gradients, gradient_count),
        retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = release(found[i]);
    return 0;
  });
}

SHIM_API int32_t shim_grad_mode() { return at::GradMode::is_enabled(); }
SHIM_API void shim_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }
SHIM_API int32_t shim_inference_mode() { return c10::InferenceMode::is_enabled(); }
SHIM_API void* shim_enter_inference_mode(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
SHIM_API void shim_leave_inference_mode(void* guard) { delete (c10::InferenceMode*)guard; }

// As torch.nn.utils.clip_grad_norm_ does it; returns the norm before clipping.
SHIM_API int32_t shim_clip_grad_norm(
    const Handle* tensors, int32_t count, double max_norm, double norm_type, double* norm) {
  return guarded(-1, [&] {
    *norm = torch::nn::utils::clip_grad_norm_(borrow_all(tensors, count), max_norm, norm_type);
    return 0;
  });
}

SHIM_API at::Generator* shim_generator_new(uint64_t seed) {
  return guarded((at::Generator*)nullptr, [&] { return new at::Generator(at::detail::createCPUGenerator(seed)); });
}
SHIM_API at::Generator* shim_generator_default() {
  return guarded((at::Generator*)nullptr, [&] { return new at::Generator(at::detail::getDefaultCPUGenerator()); });
}
SHIM_API void shim_generator_free(at::Generator* generator) { delete generator; }
SHIM_API void shim_generator_seed(at::Generator* generator, int64_t seed) {
  generator->set_current_seed((uint64_t)seed);
}
SHIM_API int64_t shim_generator_initial_seed(at::Generator* generator) { return (int64_t)generator->current_seed(); }
SHIM_API Handle shim_generator_state(at::Generator* generator) {
  return guarded((Handle) nullptr, [&] { return release(generator->get_state()); });
}
SHIM_API int32_t shim_generator_set_state(at::Generator* generator, Handle state) {
  return guarded(-1, [&] {
    generator->set_state(borrow(state));
    return 0;
  });
}

SHIM_API int32_t shim_get_threads() { return at::get_num_threads(); }
// OpenBLAS keeps a thread pool of its own, of which libtorch knows nothing: it follows when it is there.
SHIM_API int32_t shim_set_threads(int32_t count) {
  return guarded(-1, [&] {
    at::set_num_threads(count);
    auto set_blas = (void (*)(int))dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
    if (set_blas != nullptr) set_blas(count);
    return 0;
  });
}
SHIM_API int32_t shim_get_interop_threads() { return at::get_num_interop_threads(); }
SHIM_API int32_t shim_set_interop_threads(int32_t count) {
  return guarded(-1, [&] {
    at::set_num_interop_threads(count);
    return 0;
  });
}

SHIM_API int32_t shim_cuda_is_available() {
  return guarded(0, [] { return (int)torch::cuda::is_available(); });
}
SHIM_API int32_t shim_cuda_device_count() {
  return guarded(0, [] { return (int)torch::cuda::device_count(); });
}
SHIM_API int32_t shim_cuda_seed(int64_t seed) {
  return guarded(-1, [&] {
    if (torch::cuda::is_available()) torch::cuda::manual_seed_all((uint64_t)seed);
    return 0;
  });
}
SHIM_API int32_t shim_cuda_synchronize(int64_t device) {
  return guarded(-1, [&] {
    torch::cuda::synchronize(device);
    return 0;
  });
}
