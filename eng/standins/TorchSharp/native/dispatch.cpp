// Every operator of libtorch by its schema name, through the dispatcher: one export instead of one for each operator.
#include "shim.h"

using namespace shim;

namespace {

thread_local std::string last_error;
thread_local std::vector<Handle> last_list;

c10::IValue unpack(const Value& value) {
  switch (value.tag) {
    case None: return c10::IValue();
    case Tensor: return c10::IValue(borrow((Handle)value.p));
    case Int: return c10::IValue(value.i);
    case Double: return c10::IValue(value.d);
    case Bool: return c10::IValue(value.i != 0);
    case Ints: return c10::IValue(at::IntArrayRef((const int64_t*)value.p, value.count));
    case Doubles: return c10::IValue(at::ArrayRef<double>((const double*)value.p, value.count));
    case Tensors: return c10::IValue(borrow_all((const Handle*)value.p, value.count));
    case OptionalTensors: {
      c10::List<shim::optional<at::Tensor>> list;
      for (auto& tensor : borrow_all((const Handle*)value.p, value.count))
        list.push_back(tensor.defined() ? shim::optional<at::Tensor>(tensor) : shim::optional<at::Tensor>());
      return c10::IValue(list);
    }
    case Gen: return value.p == nullptr ? c10::IValue() : c10::IValue(*(const at::Generator*)value.p);
    case Text: return c10::IValue(std::string((const char*)value.p));
    case shim::Device: return c10::IValue(c10::Device((c10::DeviceType)value.i, (c10::DeviceIndex)value.count));
    default: throw std::invalid_argument("unknown tag of an operator argument");
  }
}

Value pack(const c10::IValue& result) {
  Value value{};
  if (result.isTensor()) {
    value.tag = Tensor;
    value.p = release(result.toTensor());
  } else if (result.isBool()) {
    value.tag = Bool;
    value.i = result.toBool();
  } else if (result.isInt()) {
    value.tag = Int;
    value.i = result.toInt();
  } else if (result.isDouble()) {
    value.tag = Double;
    value.d = result.toDouble();
  } else if (result.isTensorList()) {
    last_list.clear();
    for (const at::Tensor& tensor : result.toTensorVector()) last_list.push_back(release(tensor));
    value.tag = Tensors;
    value.count = (int32_t)last_list.size();
    value.p = last_list.data();
  } else {
    throw std::invalid_argument("unsupported result of an operator");
  }
  return value;
}

}  // namespace

void shim::set_last_error(const char* message) { last_error = message; }

SHIM_API const char* shim_last_error() { return last_error.c_str(); }

// The operator `name.overload`, or null where this libtorch has none.
SHIM_API const c10::OperatorHandle* shim_find(const char* name, const char* overload) {
  return guarded((const c10::OperatorHandle*)nullptr, [&]() -> const c10::OperatorHandle* {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    return found.has_value() ? new c10::OperatorHandle(*found) : nullptr;
  });
}

// Calls an operator; arguments left out at the end take their defaults. Returns 0, or -1 with the last error set.
// Results past `wanted` are dropped: an in-place operator is called with wanted = 0.
SHIM_API int32_t shim_call(
    const c10::OperatorHandle* op, const Value* arguments, int32_t count, Value* results, int32_t wanted) {
  return guarded((int32_t)-1, [&]() -> int32_t {
    const auto& schema = op->schema().arguments();
    torch::jit::Stack stack;
    stack.reserve(schema.size());
    for (int32_t i = 0; i < count; i++)
      stack.push_back(arguments[i].tag == Default ? *schema.at(i).default_value() : unpack(arguments[i]));
    for (size_t i = count; i < schema.size(); i++) {
      if (!schema[i].default_value()) throw std::invalid_argument("missing argument " + schema[i].name());
      stack.push_back(*schema[i].default_value());
    }
    op->callBoxed(stack);
    for (int32_t i = 0; i < wanted; i++) results[i] = pack(stack.at(i));
    return 0;
  });
}
