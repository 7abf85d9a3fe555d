from simulator.forecasting.simulate import expected_reach as expected_reach
