"""The inexact augmented Lagrangian method in torch operations, from the formulas: the kind of calls that dual optimizers in Python make.

One group of inequalities c <= 0:
  update:   lambda <- clamp(lambda + min(beta, gamma / ||c||) c, 0, upper), then beta <- min(sigma beta, beta_max)
  forward:  loss + lambda'c + (penalty / 2) ||[c]+||^2
Unlike the C# side it does not check the constraints for NaN.
"""
import torch


class InexactAugmentedLagrangian:
    def __init__(self, count, beta=1.0, sigma=1.0, gamma=1.0, penalty=1.0, upper=100.0, beta_max=3.4e38):
        self.duals = torch.zeros(count)
        self.beta, self.sigma, self.gamma = beta, sigma, gamma
        self.penalty, self.upper, self.beta_max = penalty, upper, beta_max

    @torch.no_grad()
    def update(self, constraints):
        norm = torch.linalg.vector_norm(constraints)
        weight = torch.clamp(self.gamma / norm, max=self.beta)
        self.duals.add_(weight * constraints).clamp_(0, self.upper)
        self.beta = min(self.sigma * self.beta, self.beta_max)

    def forward(self, loss, constraints):
        violation = torch.relu(constraints)
        return loss + self.duals.clone() @ constraints + 0.5 * self.penalty * (violation @ violation)

    def forward_update(self, loss, constraints):
        self.update(constraints.detach())
        return self.forward(loss, constraints)
