// The training step of the C# command "step" as the same sequence of libtorch's operations with nothing around them: what libtorch itself costs.
// The C# step's time less this one's is what the C# step spends outside libtorch. Left out, because they are C# in the C# step: validation of arguments,
// the smoothing of the exact statistics, the exact violations and the dual update.
//   g++ -O2 -std=c++17 training_step.cpp -I/usr/include/torch/csrc/api/include -ltorch -ltorch_cpu -lc10 && OMP_NUM_THREADS=1 ./a.out [warmup] [steps]
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace {

using torch::Tensor;

constexpr int64_t kBatch = 512, kFeatures = 107, kBatches = 51;
constexpr double kBound = 0.05, kSmallest = 1e-12, kPenalty = 1;

enum Part { Gather, Forward, Loss, SoftStatistics, SoftViolations, Lagrangian, Backward, Adam, ExactStatistics, ExactViolations, DualUpdate, Disposal, Parts };
const char* const kNames[Parts] = {"gather", "forward", "loss", "softstatistics", "softviolations", "lagrangian", "backward", "adam",
                                   "exactstatistics", "exactviolations", "dualupdate", "disposal"};

double now() { return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Clock {
  bool on;
  double last = 0, times[Parts] = {};
  void start() {
    if (!on) return;
    std::fill(times, times + Parts, 0.0);
    last = now();
  }
  void mark(Part part) {
    if (!on) return;
    const double t = now();
    times[part] += t - last;
    last = t;
  }
};

class Step {
 public:
  explicit Step(bool constrained) : constrained_(constrained) {
    torch::manual_seed(1);
    const int64_t rows = kBatch * kBatches;
    const Tensor group = torch::rand(rows).lt(2.0 / 3).to(torch::kFloat);
    inputs_ = torch::rand({rows, kFeatures}).lt(0.1).to(torch::kFloat);
    inputs_.narrow(1, 0, 6).copy_(torch::randn({rows, 6}));
    inputs_.select(1, 6).copy_(group);
    const Tensor logits = inputs_.select(1, 0) + 0.5 * inputs_.select(1, 1) + 1.5 * group - 2;
    const Tensor labels = torch::rand(rows).lt(torch::sigmoid(logits)).to(torch::kFloat);
    std::vector<Tensor> columns{labels, labels};
    if (constrained) columns.insert(columns.end(), {1 - group, group});
    rest_ = torch::stack(columns, 1);
    order_ = torch::randperm(rows);
    const int64_t widths[] = {kFeatures, 64, 64, 1};
    for (int layer = 0; layer < 3; layer++) {
      const double bound = 1 / std::sqrt((double)widths[layer]);
      add(torch::rand({widths[layer + 1], widths[layer]}).mul_(2 * bound).sub_(bound));
      add(torch::rand({widths[layer + 1]}).mul_(2 * bound).sub_(bound));
    }
    numerators_ = torch::tensor({1, 3}, torch::kLong);
    denominators_ = torch::tensor({0, 2}, torch::kLong);
    coefficients_ = torch::tensor({1.f, -1.f, -1.f, 1.f}).reshape({2, 2});
    incidence_ = coefficients_.abs();
    bounds_ = torch::full({2}, kBound);
    one_ = torch::ones(1);
    zero_ = torch::zeros(1);
  }

  void run(Clock& clock) {
    clock.start();
    take(clock);
    clock.mark(Disposal);
  }

 private:
  void add(Tensor parameter) {
    parameters_.push_back(parameter.requires_grad_());
    first_.push_back(torch::zeros_like(parameter));
    second_.push_back(torch::zeros_like(parameter));
  }

  void take(Clock& clock) {
    start_ = start_ + kBatch > order_.size(0) ? 0 : start_;
    const Tensor numbers = order_.narrow(0, start_, kBatch);
    start_ += kBatch;
    const Tensor inputs = inputs_.index_select(0, numbers), rest = rest_.index_select(0, numbers);
    const Tensor labels = rest.select(1, 0), membership = constrained_ ? rest.narrow(1, 2, 2) : Tensor();
    clock.mark(Gather);
    Tensor hidden = inputs;
    for (int layer = 0; layer < 3; layer++) {
      hidden = torch::linear(hidden, parameters_[2 * layer], parameters_[2 * layer + 1]);
      if (layer < 2) hidden = hidden.relu();
    }
    const Tensor logits = hidden.squeeze(1);
    clock.mark(Forward);
    const Tensor loss = torch::binary_cross_entropy_with_logits(logits, labels);
    sink_ = loss.item<float>();
    clock.mark(Loss);
    Tensor objective = loss;
    if (constrained_) {
      const Tensor soft = statistics(logits.mul(2).sigmoid(), labels, membership);
      clock.mark(SoftStatistics);
      const Tensor c = violations(soft);
      clock.mark(SoftViolations);
      const Tensor multipliers = torch::empty(2);
      std::copy(duals_, duals_ + 2, multipliers.data_ptr<float>());
      objective = c.matmul(multipliers.add(c.relu(), kPenalty / 2)).add(loss);
      clock.mark(Lagrangian);
    }
    for (Tensor& parameter : parameters_)
      if (parameter.grad().defined()) parameter.mutable_grad().zero_();
    objective.backward();
    clock.mark(Backward);
    adam();
    clock.mark(Adam);
    if (constrained_) {
      const torch::NoGradGuard guard;
      const Tensor exact = statistics(logits.gt(0).to(torch::kFloat), labels, membership);
      clock.mark(ExactStatistics);
      sink_ = exact.detach().contiguous().data_ptr<float>()[0];
      clock.mark(ExactViolations);
    }
  }

  Tensor statistics(const Tensor& predictions, const Tensor& labels, const Tensor& membership) const {
    return membership.t().matmul(torch::stack({torch::ones_like(labels), predictions}, 1));
  }

  Tensor violations(const Tensor& statistics) const {
    const Tensor flat = statistics.reshape(-1), denominators = flat.index_select(0, denominators_), undefined = denominators.le(kSmallest);
    const Tensor rates = flat.index_select(0, numerators_).div(torch::where(undefined, one_, denominators));
    const Tensor undefined_rows = incidence_.mv(undefined.to(torch::kFloat)).gt(0);
    return torch::where(undefined_rows, zero_, coefficients_.mv(rates).sub(bounds_));
  }

  void adam() {
    const torch::NoGradGuard guard;
    constexpr double beta1 = 0.9, beta2 = 0.999, rate = 1e-3;
    step_++;
    for (size_t i = 0; i < parameters_.size(); i++) {
      const Tensor& gradient = parameters_[i].grad();
      first_[i].mul_(beta1).add_(gradient, 1 - beta1);
      second_[i].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
      const Tensor denominator = second_[i].sqrt().div(std::sqrt(1 - std::pow(beta2, step_))).add_(1e-8);
      parameters_[i].addcdiv_(first_[i], denominator, -rate / (1 - std::pow(beta1, step_)));
    }
  }

  bool constrained_;
  Tensor inputs_, rest_, order_, numerators_, denominators_, coefficients_, incidence_, bounds_, one_, zero_;
  std::vector<Tensor> parameters_, first_, second_;
  float duals_[2] = {0.1f, 0.f};
  int64_t start_ = 0, step_ = 0;
  volatile float sink_ = 0;
};

void report(const std::string& name, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::printf("%-34s %10.2f %10.2f\n", name.c_str(), times[times.size() / 2], times[0]);
}

std::vector<double> measure(int warm_up, int steps, const std::function<void()>& action) {
  for (int i = 0; i < warm_up; i++) action();
  std::vector<double> times;
  for (int i = 0; i < steps; i++) {
    const double start = now();
    action();
    times.push_back(now() - start);
  }
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  torch::set_num_threads(1);
  const int warm_up = argc > 1 ? std::atoi(argv[1]) : 500, steps = argc > 2 ? std::atoi(argv[2]) : 2000;
  std::printf("# C++, libtorch %s, %d thread(s)\n%-34s %10s %10s\n", TORCH_VERSION, torch::get_num_threads(), "name", "median_us", "min_us");
  Clock off{false}, on{true};
  Step plain(false), constrained(true);
  report("step/unconstrained", measure(warm_up, steps, [&] { plain.run(off); }));
  report("step/demographic-parity", measure(warm_up, steps, [&] { constrained.run(off); }));
  std::vector<std::vector<double>> times(Parts);
  for (int i = 0; i < warm_up + steps; i++) {
    constrained.run(on);
    for (int part = 0; i >= warm_up && part < Parts; part++) times[part].push_back(on.times[part]);
  }
  for (int part = 0; part < Parts; part++) report(std::string("part/") + kNames[part], times[part]);
}
